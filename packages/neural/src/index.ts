/**
 * Losses, training strategies and generators for imbalanced classification on tensors.
 *
 * Nothing is here yet but the place: the package exists so that the house is complete and its floors are tested.
 */
export type { Learner } from '@counterweight/core';
