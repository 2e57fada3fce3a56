import { expPair, log1pPair, logPair } from './elementary';

/**
 * Gradients and Hessians of losses by the score, and their records in fixed point.
 *
 * Labels are 16-bit. Binary losses are functions of the score t of the true side (z for label 1, -z for label 0) with p its probability and
 * q = 1 - p, so they treat the classes alike unless their parameters do not.
 */
const LOGISTIC: i32 = 0;
const MAGIC: f64 = 6755399441055744.0; // 1.5 * 2^52: adding it rounds to a whole number held in the low bits

// @inline
function labelPair(labels: usize): v128 {
  return i64x2.ne(i64x2.replace_lane(i64x2.splat(load<u16>(labels)), 1, load<u16>(labels, 2)), i64x2.splat(0));
}

/**
 * Task: one block of `blockRows` rows (even). Writes `[gradient, Hessian]` of each row, float64, to `records`; arrays have
 * room for an even number of rows. Parameters: what is added to the score of a row of label 0 and of label 1; focusing
 * exponent of label 0 and of label 1; clip of label 0 and of label 1.
 *
 * Loss 0 is -log p. Loss 1 is -u^gamma log(1 - u) with u = max(q - clip, 0): focal loss (Lin et al. 2017), asymmetric loss
 * (Ben-Baruch et al. 2021). Its Hessian is kept from falling below p q u^gamma, that of the logistic loss so weighted.
 */
export function binaryGradients(
  task: i32,
  thread: i32,
  loss: i32,
  scores: usize,
  labels: usize,
  rows: i32,
  blockRows: i32,
  parameters: usize,
  records: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const shift0 = v128.load64_splat(parameters);
  const shift1 = v128.load64_splat(parameters, 8);
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  for (let i = begin; i < end; i += 2) {
    const r = <usize>i;
    const labelled = labelPair(labels + (r << 1));
    const z = f64x2.add(v128.load(scores + (r << 3)), v128.bitselect(shift1, shift0, labelled));
    const t = v128.bitselect(z, f64x2.neg(z), labelled);
    const e = expPair(f64x2.neg(f64x2.abs(t)));
    const d = f64x2.add(one, e);
    const large = f64x2.div(one, d);
    const small = f64x2.div(e, d);
    const likely = f64x2.ge(t, zero);
    const p = v128.bitselect(large, small, likely);
    const q = v128.bitselect(small, large, likely);
    let g = q;
    let h = f64x2.mul(p, q);
    if (loss != LOGISTIC) {
      const gamma = v128.bitselect(v128.load64_splat(parameters, 24), v128.load64_splat(parameters, 16), labelled);
      const clip = v128.bitselect(v128.load64_splat(parameters, 40), v128.load64_splat(parameters, 32), labelled);
      const logP = f64x2.sub(f64x2.pmin(zero, t), log1pPair(e));
      const u = f64x2.pmax(f64x2.sub(q, clip), zero);
      const v = f64x2.sub(one, u);
      const plain = f64x2.eq(clip, zero);
      const some = f64x2.gt(u, zero);
      const safe = f64x2.pmax(u, f64x2.splat(1e-300));
      const logU = v128.bitselect(f64x2.sub(logP, t), logPair(safe), plain);
      const slight = f64x2.lt(u, f64x2.splat(1e-6));
      const series = f64x2.add(one, f64x2.mul(u, f64x2.splat(0.5)));
      const clipped = v128.bitselect(
        series,
        f64x2.neg(f64x2.div(logPair(v128.bitselect(one, v, slight)), safe)),
        slight,
      );
      const ratio = v128.bitselect(f64x2.neg(f64x2.div(logP, q)), clipped, plain); // -log(1 - u) / u
      const pv = v128.bitselect(one, f64x2.div(p, v), plain);
      const gp = f64x2.mul(gamma, p);
      const power = v128.and(f64x2.mul(q, expPair(f64x2.mul(gamma, logU))), some);
      const slope = f64x2.add(pv, f64x2.mul(gp, ratio));
      g = f64x2.mul(power, slope);
      const bend = f64x2.add(
        f64x2.add(f64x2.mul(f64x2.mul(f64x2.splat(2), gp), pv), f64x2.mul(u, f64x2.mul(pv, pv))),
        f64x2.mul(f64x2.mul(gp, f64x2.mul(f64x2.sub(gamma, one), p)), ratio),
      );
      const times = v128.bitselect(one, f64x2.div(q, safe), plain);
      const curve = f64x2.sub(f64x2.mul(times, bend), f64x2.mul(f64x2.sub(q, p), slope));
      h = f64x2.mul(power, f64x2.pmax(curve, p));
    }
    g = v128.bitselect(f64x2.neg(g), g, labelled);
    v128.store(records + (r << 4), v128.shuffle<f64>(g, h, 0, 2));
    v128.store(records + (r << 4), v128.shuffle<f64>(g, h, 1, 3), 16);
  }
}

/**
 * Task: one block of rows (even). Class probabilities of `classes` score arrays (`stride` values apart), to arrays alike.
 * Added to a score: `shifts[k]`, and to that of the row's own class also `margins[k]`.
 */
export function softmaxRows(
  task: i32,
  thread: i32,
  scores: usize,
  stride: i32,
  classes: i32,
  labels: usize,
  rows: i32,
  blockRows: i32,
  shifts: usize,
  margins: usize,
  probabilities: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const line = (<usize>stride) << 3;
  for (let i = begin; i < end; i += 2) {
    const at = (<usize>i) << 3;
    const own = labels + ((<usize>i) << 1);
    let most = f64x2.splat(-Infinity);
    for (let k: i32 = 0; k < classes; k++) {
      const z = marginScore(scores + <usize>k * line + at, own, k, shifts, margins);
      v128.store(probabilities + <usize>k * line + at, z);
      most = f64x2.pmax(most, z);
    }
    let sum = f64x2.splat(0);
    for (let k: i32 = 0; k < classes; k++) {
      const place = probabilities + <usize>k * line + at;
      const e = expPair(f64x2.sub(v128.load(place), most));
      v128.store(place, e);
      sum = f64x2.add(sum, e);
    }
    for (let k: i32 = 0; k < classes; k++) {
      const place = probabilities + <usize>k * line + at;
      v128.store(place, f64x2.div(v128.load(place), sum));
    }
  }
}

// @inline
function marginScore(at: usize, labels: usize, k: i32, shifts: usize, margins: usize): v128 {
  const place = (<usize>k) << 3;
  const pair = i64x2.replace_lane(i64x2.splat(load<u16>(labels)), 1, load<u16>(labels, 2));
  const own = i64x2.eq(pair, i64x2.splat(<i64>k));
  const z = f64x2.add(v128.load(at), v128.load64_splat(shifts + place));
  return f64x2.add(z, v128.and(v128.load64_splat(margins + place), own));
}

/** Task: one block of rows (even). Records of class `k` from its probabilities; `factor` times p (1 - p) is the Hessian. */
export function classGradients(
  task: i32,
  thread: i32,
  k: i32,
  factor: f64,
  probabilities: usize,
  labels: usize,
  rows: i32,
  blockRows: i32,
  records: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const one = f64x2.splat(1);
  for (let i = begin; i < end; i += 2) {
    const r = <usize>i;
    const pair = i64x2.replace_lane(i64x2.splat(load<u16>(labels + (r << 1))), 1, load<u16>(labels + (r << 1), 2));
    const own = i64x2.eq(pair, i64x2.splat(<i64>k));
    const p = v128.load(probabilities + (r << 3));
    const g = f64x2.sub(p, v128.and(one, own));
    const h = f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), f64x2.splat(factor));
    v128.store(records + (r << 4), v128.shuffle<f64>(g, h, 0, 2));
    v128.store(records + (r << 4), v128.shuffle<f64>(g, h, 1, 3), 16);
  }
}

/** Task: one block of rows. Records of half the squared difference between score and target. */
export function squaredGradients(
  task: i32,
  thread: i32,
  scores: usize,
  targets: usize,
  rows: i32,
  blockRows: i32,
  records: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  for (let i = begin; i < end; i++) {
    const r = <usize>i;
    store<f64>(records + (r << 4), load<f64>(scores + (r << 3)) - load<f64>(targets + (r << 3)));
    store<f64>(records + (r << 4), 1, 8);
  }
}

/**
 * Task: one block of rows. `[sum of w |g|, sum of w h, most w |g|, most w h]` of its records to `statistics + task * 32`.
 * `weights` 0 stands for ones.
 */
export function gradientStatistics(
  task: i32,
  thread: i32,
  rows: i32,
  blockRows: i32,
  weights: usize,
  records: usize,
  statistics: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  let sum = f64x2.splat(0);
  let most = f64x2.splat(0);
  for (let i = begin; i < end; i++) {
    let record = f64x2.abs(v128.load(records + ((<usize>i) << 4)));
    if (weights != 0) record = f64x2.mul(record, v128.load64_splat(weights + ((<usize>i) << 3)));
    sum = f64x2.add(sum, record);
    most = f64x2.pmax(most, record);
  }
  v128.store(statistics + ((<usize>task) << 5), sum);
  v128.store(statistics + ((<usize>task) << 5), most, 16);
}

/**
 * Task: one block of rows. Turns records into whole numbers in place: the gradient times `scaleG`, the Hessian times
 * `scaleH` plus the row's count times 2^countShift. A whole weight multiplies the rounded number, so that it equals that
 * many rows; the rest of a weight is rounded on its own. The count is 1 where `counts` is 0.
 */
export function fixRecords(
  task: i32,
  thread: i32,
  rows: i32,
  blockRows: i32,
  weights: usize,
  counts: usize,
  scaleG: f64,
  scaleH: f64,
  countShift: i32,
  records: usize,
): void {
  const begin = task * blockRows;
  const end = min<i32>(rows, begin + blockRows);
  const scale = f64x2.replace_lane(f64x2.splat(scaleG), 1, scaleH);
  const magic = f64x2.splat(MAGIC);
  const single = i64x2.replace_lane(i64x2.splat(0), 1, (<i64>1) << (<i64>countShift));
  for (let i = begin; i < end; i++) {
    const at = records + ((<usize>i) << 4);
    let value = f64x2.mul(v128.load(at), scale);
    let count = single;
    if (weights == 0) value = f64x2.nearest(value);
    else {
      const weight = v128.load64_splat(weights + ((<usize>i) << 3));
      const whole = f64x2.floor(weight);
      const part = f64x2.nearest(f64x2.mul(value, f64x2.sub(weight, whole)));
      value = f64x2.add(f64x2.mul(f64x2.nearest(value), whole), part);
    }
    if (counts != 0) {
      const times = <i64>load<f64>(counts + ((<usize>i) << 3));
      count = i64x2.replace_lane(count, 1, times << (<i64>countShift));
    }
    v128.store(at, i64x2.add(i64x2.sub(f64x2.add(value, magic), magic), count));
  }
}
