export type { SupportVectorDecision } from './decision-function.ts';
export type { Gamma, SvmKernel, SvmKernelName } from './kernel.ts';
export type { SvmClassWeight } from './row-bounds.ts';
export {
  type SupportVectorMachine,
  type SupportVectorMachineOptions,
  type SupportVectorProblem,
  supportVectorMachine,
} from './support-vector-machine.ts';
