/** Placeholder of the kernel runtime's public face. */
export interface KernelRuntime {
  /** Number of threads that compute, the caller's own included. */
  readonly threads: number;
  /** Ends the workers and lets the memory go. */
  dispose(): Promise<void>;
}
