import type { BandPoint } from '@counterweight/core';
import * as Plot from '@observablehq/plot';

/** The band of a curve, drawn pale so that several of them stay readable. */
export const bandMark = (band: readonly BandPoint[], colour: string): Plot.Markish =>
  Plot.areaY(
    band.filter(({ low, high }) => low !== null && high !== null),
    { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 },
  );
