import { lazy, memo, Suspense } from "react";
import type { Block, Element, TextObject } from "../slack/types";
import { BlockText, Link, plainText } from "../text/Mrkdwn";
import { isSafeUrl } from "../text/mrkdwn";
import { Icon } from "../parts/Icon";
import { BlockElement } from "./BlockElement";
import { InputBlock } from "./InputBlock";
import { RichText } from "./RichText";
import { SafeImage } from "./SafeImage";
import { Plan, TaskCard } from "./TaskCard";
import { SurfaceContext, type Surface } from "./surface";

const MarkdownBlock = lazy(() => import("./MarkdownBlock"));

/** The blocks of a message or a view, on the surface where they act. */
export function Blocks({ blocks, surface }: { blocks: Block[]; surface: Surface }) {
  return (
    <SurfaceContext.Provider value={surface}>
      <div className="blocks">
        {blocks.map((block, index) => (
          <OneBlock key={block.block_id ?? index} block={block} />
        ))}
      </div>
    </SurfaceContext.Provider>
  );
}

const OneBlock = memo(function OneBlock({ block }: { block: Block }) {
  switch (block.type) {
    case "section":
      return <Section block={block} />;
    case "header":
      return <h3 className="block-header"><BlockText text={block.text} /></h3>;
    case "divider":
      return <hr className="block-divider" />;
    case "context":
      return <Context elements={block.elements ?? []} />;
    case "actions":
    case "context_actions":
      return (
        <div className={block.type === "actions" ? "block-actions" : "block-actions quiet"}>
          {block.elements?.map((element, index) => (
            <BlockElement key={element.action_id ?? index} blockId={block.block_id ?? ""} element={element} />
          ))}
        </div>
      );
    case "image":
      return <Picture block={block} />;
    case "rich_text":
      return <RichText elements={block.elements ?? []} />;
    case "markdown":
      return (
        <Suspense fallback={<div className="mrkdwn">{plainText(block.text)}</div>}>
          <MarkdownBlock text={typeof block.text === "string" ? block.text : plainText(block.text)} />
        </Suspense>
      );
    case "input":
      return <InputBlock block={block} />;
    case "video":
      return <Video block={block} />;
    case "table":
      return <Table block={block} />;
    case "task_card":
      return <TaskCard task={block} />;
    case "plan":
      return <Plan block={block} />;
    default:
      return <p className="unknown-block">A block of the kind “{block.type}” is not shown here.</p>;
  }
});

function Section({ block }: { block: Block }) {
  const small = block.accessory?.type === "image" || block.accessory?.type === "overflow";
  return (
    <div className={`block-section${block.accessory ? " with-accessory" : ""}${small ? " beside" : ""}`}>
      <div className="section-text">
        {block.text && <BlockText text={block.text} />}
        {block.fields && (
          <div className="fields">
            {block.fields.map((field, index) => (
              <div key={index}><BlockText text={field} /></div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div className="accessory">
          <BlockElement blockId={block.block_id ?? ""} element={block.accessory} />
        </div>
      )}
    </div>
  );
}

function Context({ elements }: { elements: (Element & TextObject)[] }) {
  return (
    <div className="block-context">
      {elements.map((element, index) =>
        (element.type as string) === "image" ? (
          <SafeImage key={index} url={element.image_url} alt={element.alt_text} />
        ) : (
          <div key={index}><BlockText text={element} /></div>
        ),
      )}
    </div>
  );
}

function Picture({ block }: { block: Block }) {
  return (
    <figure className="block-image">
      {block.title && <figcaption><BlockText text={block.title} /></figcaption>}
      <SafeImage url={block.image_url} alt={block.alt_text} />
    </figure>
  );
}

function Video({ block }: { block: Block }) {
  const url = block.title_url ?? block.video_url ?? "";
  return (
    <div className="block-video">
      <span className="play"><Icon name="play" /></span>
      <div>
        <Link url={url}><BlockText text={block.title} /></Link>
        {block.description && <p><BlockText text={block.description} /></p>}
        <small>{[block.provider_name, block.author_name].filter(Boolean).join(" · ")}{!isSafeUrl(url) && " (no address)"}</small>
      </div>
    </div>
  );
}

function Table({ block }: { block: Block }) {
  const [head = [], ...rows] = block.rows ?? [];
  const cell = (content: { type: string; text?: string; elements?: never[] | unknown[] }) =>
    content.type === "rich_text" ? <RichText elements={(content.elements ?? []) as never[]} /> : content.text;
  return (
    <div className="block-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead><tr>{head.map((content, index) => <th key={index} scope="col">{cell(content)}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, at) => <tr key={at}>{row.map((content, index) => <td key={index}>{cell(content)}</td>)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}
