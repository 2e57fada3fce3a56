import { closeSync, openSync, writeSync } from 'node:fs';

/** Names of the ten columns that `makeRows` makes, in order. */
export const madeColumns = [
  'amount',
  'balance',
  'age',
  'visits',
  'distance',
  'channel',
  'region',
  'product',
  'returning',
  'ratio',
];

const channels = ['web', 'shop', 'phone', 'partner'];
const regions = Array.from({ length: 40 }, (_, i) => `region ${String.fromCharCode(65 + (i % 26))}${i}`);
const products = ['"basic, small"', '"basic, large"', '"the ""gold"" one"', 'none', '"plus, with service"'];

/** A linear congruential generator over 32 bits (Numerical Recipes' constants): the same rows everywhere. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Writes a CSV of made-up customers: five numbers with missing cells, three categories of which one is quoted and holds
 * commas and quotes, a boolean and one more number. With `target`, a class of about 6 % that depends on them.
 */
export function makeRows(path, { rows, seed, target }) {
  const file = openSync(path, 'w');
  const random = generator(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  let chunk = `${[...madeColumns, ...(target ? [target] : [])].join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    const amount = -40 * Math.log(1 - random());
    const balance = (random() + random() + random() - 1.5) * 2000;
    const age = 18 + Math.floor(random() * 70);
    const visits = Math.floor(random() ** 3 * 30);
    const distance = random() * 100;
    const channel = pick(channels);
    const product = pick(products);
    const returning = random() < 0.4;
    const cells = [
      amount.toFixed(2),
      random() < 0.05 ? '' : balance.toFixed(2),
      random() < 0.02 ? '' : String(age),
      String(visits),
      random() < 0.1 ? '' : distance.toFixed(3),
      channel,
      pick(regions),
      random() < 0.03 ? '' : product,
      returning ? 'true' : 'false',
      (amount / (1 + visits)).toFixed(4),
    ];
    if (target) {
      const logit = -4.2 + amount / 60 + (channel === 'partner' ? 1 : 0) - (returning ? 0.7 : 0) + (age < 25 ? 0.8 : 0);
      cells.push(random() < 1 / (1 + Math.exp(-logit)) ? 'yes' : 'no');
    }
    chunk += `${cells.join(',')}\n`;
    if (chunk.length > 1 << 20) {
      writeSync(file, chunk);
      chunk = '';
    }
  }
  writeSync(file, chunk);
  closeSync(file);
}
