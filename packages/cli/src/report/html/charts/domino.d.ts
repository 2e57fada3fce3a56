/** What is used of domino: its own declaration names the package it was forked from, so that the compiler does not find it. */
declare module '@mixmark-io/domino' {
  export function createDocument(markup: string): object;
}
