import { Room } from "./room";

export const dynamic = "force-dynamic";

export default function Page() {
  return <Room room="harbour" />;
}
