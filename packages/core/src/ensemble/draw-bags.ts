import type { RandomStream } from '../runtime/random.ts';
import { type Bag, bagOf, drawWith, drawWithout, type RowUnits, rarest } from './row-units.ts';

/** As many units of each class, drawn with or without replacement; never more without than there are. */
export function evenBag(stream: RandomStream, units: RowUnits, count: number, replacement: boolean): Bag {
  const draw = replacement ? drawWith : drawWithout;
  return bagOf(
    units.order.map((place) => draw(stream, units.ofClass[place]!, count)),
    units,
  );
}

/** All units, and of the smaller classes units drawn again, with replacement, until there are as many as of the largest. */
export function filledBag(stream: RandomStream, units: RowUnits): Bag {
  const largest = Math.max(...units.ofClass.map((own) => own.length));
  const drawn = units.order.flatMap((place) => {
    const own = units.ofClass[place]!;
    return own.length === largest ? [own] : [own, drawWith(stream, own, largest - own.length)];
  });
  return bagOf(drawn, units);
}

/**
 * Roughly balanced (Hido and Kashima 2008): as many of the rarest class as there are, of each other class a number drawn from
 * the negative binomial that counts its rows before so many of the rarest, either being as likely; with replacement.
 */
export function roughlyEvenBag(stream: RandomStream, units: RowUnits): Bag {
  const count = rarest(units);
  let kept = false;
  const drawn = units.order.map((place) => {
    const own = units.ofClass[place]!;
    const first = own.length === count && !kept;
    kept ||= first;
    return drawWith(stream, own, first ? count : Math.max(1, negativeBinomial(stream, count)));
  });
  return bagOf(drawn, units);
}

/** Failures before the `successes`th success of a fair coin. */
function negativeBinomial(stream: RandomStream, successes: number): number {
  let failures = 0;
  for (let left = successes; left > 0; ) {
    // 32 tosses at a time; those after the last success are not looked at.
    let bits = stream.uint32();
    for (let toss = 0; toss < 32 && left > 0; toss++, bits >>>= 1) {
      if (bits & 1) left--;
      else failures++;
    }
  }
  return failures;
}

/** A bootstrap of all units, by class. A class that the draws missed gets one of its units, so none is lost. */
export function bootstrap(stream: RandomStream, units: RowUnits): RowUnits {
  const ends: number[] = [];
  let total = 0;
  for (const place of units.order) ends.push((total += units.ofClass[place]!.length));
  const sizes = new Int32Array(units.order.length);
  for (let i = 0; i < total; i++) {
    const drawn = stream.integer(total);
    let at = 0;
    while (drawn >= ends[at]!) at++;
    sizes[at]!++;
  }
  const ofClass: Int32Array[] = [];
  units.order.forEach((place, at) => {
    ofClass[place] = drawWith(stream, units.ofClass[place]!, Math.max(1, sizes[at]!));
  });
  return { ...units, ofClass };
}
