/**
 * Factor on every time limit that a test sets. Tests state the limits of a quiet two-core machine; a loaded machine
 * only takes longer, and a test that hangs still ends.
 */
export const SLOW_MACHINE_FACTOR = 4;
