import { useId } from "react";
import type { Option } from "../slack/types";
import { BlockText } from "../text/Mrkdwn";
import type { ElementProps } from "./element";

/** Checkboxes and radio buttons. */
export function Choices({ element, state, label, field, update }: ElementProps) {
  const name = useId();
  const many = element.type === "checkboxes";
  const chosen = many ? (state.selected_options ?? []) : state.selected_option ? [state.selected_option] : [];
  const isChosen = (option: Option) => chosen.some((each) => each.value === option.value);
  const toggle = (option: Option) => {
    if (!many) return update({ type: element.type, selected_option: option });
    const rest = chosen.filter((each) => each.value !== option.value);
    update({ type: element.type, selected_options: rest.length < chosen.length ? rest : [...chosen, option] });
  };
  return (
    <div className="choices" role={field ? undefined : many ? "group" : "radiogroup"} aria-label={field ? undefined : label}>
      {element.options?.map((option, index) => (
        <label key={option.value}>
          <input
            id={index === 0 ? field?.id : undefined}
            type={many ? "checkbox" : "radio"}
            name={name}
            value={option.value}
            checked={isChosen(option)}
            autoFocus={index === 0 && element.focus_on_load}
            onChange={() => toggle(option)}
          />
          <span>
            <BlockText text={option.text} />
            {option.description && <small><BlockText text={option.description} /></small>}
          </span>
        </label>
      ))}
    </div>
  );
}
