export { type RandomUnderOptions, randomUnder } from './random-under.ts';
