/** The twenty points of the golden vectors, shared by the calibrators. */
export const twenty = {
  scores: Float64Array.of(
    ...[0.05, 0.12, 0.12, 0.2, 0.25, 0.3, 0.33, 0.4, 0.4, 0.45, 0.5, 0.55, 0.6, 0.62, 0.7, 0.7, 0.75, 0.8, 0.9, 0.95],
  ),
  labels: Int32Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1),
};
