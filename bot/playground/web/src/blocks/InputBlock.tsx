import { useId } from "react";
import type { Block } from "../slack/types";
import { BlockText, plainText } from "../text/Mrkdwn";
import { BlockElement } from "./BlockElement";
import { useSurface } from "./surface";

const GROUPED = new Set(["checkboxes", "radio_buttons"]);

/** A labelled input with its hint, and with what is wrong about it. */
export function InputBlock({ block }: { block: Block }) {
  const id = useId();
  const { errors } = useSurface();
  const blockId = block.block_id ?? "";
  const error = errors[blockId];
  const { element } = block;
  if (!element) return null;
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  const label = (
    <>
      {plainText(block.label)}
      {block.optional && <span className="optional"> (optional)</span>}
    </>
  );
  const body = (
    <>
      <BlockElement
        blockId={blockId}
        element={element}
        field={{ id, label: plainText(block.label), describedBy: described, invalid: Boolean(error), optional: block.optional, dispatch: block.dispatch_action }}
      />
      {error && <p className="field-error" id={`${id}-error`} role="alert">{error}</p>}
      {block.hint && <p className="field-hint" id={`${id}-hint`}><BlockText text={block.hint} /></p>}
    </>
  );
  if (GROUPED.has(element.type)) {
    return (
      <fieldset className="block-input" data-block-id={blockId} aria-describedby={described}>
        <legend>{label}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div className="block-input" data-block-id={blockId}>
      <label htmlFor={id}>{label}</label>
      {body}
    </div>
  );
}
