import { useState } from "react";

/** A picture from a web address; what cannot be loaded shows its description. */
export function SafeImage({ url, alt }: { url?: string; alt?: string }) {
  const [broken, setBroken] = useState(false);
  if (!url || broken || !/^(https?:|data:image\/|\/)/i.test(url)) {
    return <span className="image-missing" role="img" aria-label={alt ?? "image"}>{alt || "image"}</span>;
  }
  return <img src={url} alt={alt ?? ""} loading="lazy" onError={() => setBroken(true)} />;
}
