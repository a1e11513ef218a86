import { useSignal, type Signal } from '@preact/signals';
import { problemOf, type Problem } from '../model/problem.js';

export interface Task {
  readonly busy: Signal<boolean>;
  readonly problem: Signal<Problem | undefined>;
  /** Runs it unless one runs already; a failure ends in `problem`. */
  readonly run: (work: () => Promise<void>) => void;
}

/** One action of a form or a button: whether it runs, and what went wrong last. */
export function useTask(): Task {
  const busy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const execute = async (work: () => Promise<void>) => {
    busy.value = true;
    problem.value = undefined;
    try {
      await work();
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      busy.value = false;
    }
  };
  return { busy, problem, run: (work) => void (busy.value ? undefined : execute(work)) };
}
