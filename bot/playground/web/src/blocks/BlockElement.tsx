import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import type { Element, ElementState, Option } from "../slack/types";
import { plainText } from "../text/Mrkdwn";
import { isSafeUrl } from "../text/mrkdwn";
import { Choices } from "./Choices";
import { DateInput } from "./DateInput";
import type { ElementProps, Field } from "./element";
import { FileInput } from "./FileInput";
import { SafeImage } from "./SafeImage";
import { Select } from "./Select";
import { useSurface } from "./surface";
import { TextInput } from "./TextInput";
import { initialState } from "./values";

/** Any element, wherever it stands. */
export function BlockElement({ blockId, element, field }: { blockId: string; element: Element; field?: Field }) {
  const surface = useSurface();
  const { type } = element;
  if (type === "image") return <SafeImage url={element.image_url} alt={element.alt_text} />;
  if (type === "button" || type === "workflow_button") return <Button blockId={blockId} element={element} />;
  if (type === "icon_button") return <IconButton blockId={blockId} element={element} />;
  if (type === "feedback_buttons") return <Feedback blockId={blockId} element={element} />;
  if (type === "overflow") return <Overflow blockId={blockId} element={element} />;

  const initial = initialState(element);
  if (!initial) return <span className="unknown-block">{`[${type}]`}</span>;
  const state = surface.values[blockId]?.[element.action_id ?? ""] ?? initial;
  // In an input block nothing is reported before it is submitted, unless the block asks for it.
  const reports = !field || field.dispatch;
  const props: ElementProps = {
    element,
    state,
    field,
    label: field?.label ?? (plainText(element.placeholder) || element.accessibility_label || "Choose"),
    update: (next) => (reports ? surface.press(blockId, element, next) : surface.change(blockId, element, next)),
    dispatch: (next) => surface.press(blockId, element, next),
  };
  if (type === "file_input") return <FileInput {...props} />;
  if (type.endsWith("_input")) {
    return <TextInput {...props} update={(next) => surface.change(blockId, element, next)} />;
  }
  if (type.endsWith("select")) return <Select {...props} blockId={blockId} />;
  if (type === "checkboxes" || type === "radio_buttons") return <Choices {...props} />;
  return <DateInput {...props} />;
}

function Button({ blockId, element }: { blockId: string; element: Element }) {
  const { press, busy } = useSurface();
  const className = `button ${element.style ?? ""}`;
  const label = plainText(element.text);
  const state: ElementState = { type: "button", ...(element.value === undefined ? {} : { value: element.value }) };
  const onClick = () => press(blockId, element, state);
  if (element.url && isSafeUrl(element.url)) {
    return (
      <a className={className} href={element.url} target="_blank" rel="noreferrer noopener" onClick={onClick}>
        {label}
      </a>
    );
  }
  const waiting = busy === `${blockId}/${element.action_id}/${element.value ?? ""}`;
  return (
    <button type="button" className={className} aria-label={element.accessibility_label} aria-busy={waiting} disabled={waiting} onClick={onClick}>
      {label}
    </button>
  );
}

function IconButton({ blockId, element }: { blockId: string; element: Element }) {
  const { press } = useSurface();
  const label = element.accessibility_label ?? plainText(element.text);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={plainText(element.text)}
      onClick={() => press(blockId, element, { type: "icon_button", value: element.value ?? "" })}
    >
      <Icon name={element.icon === "trash" ? "trash" : "more"} size={16} />
    </button>
  );
}

function Feedback({ blockId, element }: { blockId: string; element: Element }) {
  const { press } = useSurface();
  const both = [
    { button: element.positive_button, icon: "up" },
    { button: element.negative_button, icon: "down" },
  ] as const;
  return (
    <span className="feedback" role="group" aria-label="Feedback">
      {both.map(({ button, icon }) =>
        button ? (
          <button
            key={icon}
            type="button"
            className="icon-button"
            aria-label={button.accessibility_label ?? plainText(button.text)}
            title={plainText(button.text)}
            onClick={() => press(blockId, element, { type: "feedback_buttons", value: button.value })}
          >
            <Icon name={icon} size={16} />
          </button>
        ) : null,
      )}
    </span>
  );
}

function Overflow({ blockId, element }: { blockId: string; element: Element }) {
  const { press } = useSurface();
  const choose = (option: Option) => {
    if (option.url && isSafeUrl(option.url)) window.open(option.url, "_blank", "noreferrer,noopener");
    press(blockId, element, { type: "overflow", selected_option: option });
  };
  return (
    <Menu
      label={element.accessibility_label ?? "More actions"}
      className="button overflow"
      trigger={<Icon name="more" size={16} />}
      items={(element.options ?? []).map((option) => ({
        key: option.value,
        label: plainText(option.text),
        description: option.description && plainText(option.description),
        onSelect: () => choose(option),
      }))}
    />
  );
}
