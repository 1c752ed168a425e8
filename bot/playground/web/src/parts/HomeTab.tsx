import { Blocks } from "../blocks/Blocks";
import { useSurfaceState } from "../blocks/useSurfaceState";
import type { Person, View } from "../slack/types";
import { useWorkspace } from "../state/store";

/** The Home of an app, as it publishes it for this person. */
export function HomeTab({ bot }: { bot: Person }) {
  const view = useWorkspace((state) => state.homes[bot.id] ?? state.homes.view ?? state.homes.user);
  if (!view?.blocks) {
    return (
      <div className="home empty">
        <h3>Nothing here yet</h3>
        <p>{bot.real_name} has not published a Home for you.</p>
      </div>
    );
  }
  return <HomeView key={view.id} view={view} />;
}

function HomeView({ view }: { view: View }) {
  const surface = useSurfaceState({ view_id: view.id }, view.blocks);
  return <div className="home"><div className="home-inner"><Blocks blocks={view.blocks} surface={surface} /></div></div>;
}
