import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Link } from "../text/Mrkdwn";

/** A `markdown` block: standard Markdown, without raw HTML and without pictures from elsewhere. */
export default function MarkdownBlock({ text }: { text: string }) {
  return (
    <div className="mrkdwn markdown">
      <Markdown
        skipHtml
        remarkPlugins={[remarkGfm]}
        components={{
          a: ({ href, children }) => <Link url={href ?? ""}>{children}</Link>,
          img: ({ src, alt }) => <Link url={typeof src === "string" ? src : ""}>{alt || "image"}</Link>,
          h1: ({ children }) => <p className="heading">{children}</p>,
          h2: ({ children }) => <p className="heading">{children}</p>,
          h3: ({ children }) => <p className="heading">{children}</p>,
          h4: ({ children }) => <p className="heading">{children}</p>,
          pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}
