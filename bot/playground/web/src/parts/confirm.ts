import { create } from "zustand";
import type { Confirm } from "../slack/types";

interface Question {
  confirm: Confirm;
  answer: (yes: boolean) => void;
}

export const useQuestion = create<{ question: Question | null }>(() => ({ question: null }));

/** Asks before something is done; resolves to what the person chose. */
export function askConfirm(confirm: Confirm): Promise<boolean> {
  return new Promise((resolve) => {
    useQuestion.getState().question?.answer(false);
    const answer = (yes: boolean) => {
      useQuestion.setState({ question: null });
      resolve(yes);
    };
    useQuestion.setState({ question: { confirm, answer } });
  });
}
