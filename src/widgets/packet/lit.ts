// The one thing that is lit on the page, wherever it is shown: what is pointed at, or else what has the focus, or else
// what was pinned. Knows names of packets and of stretches in them; knows no packet.

/** Something on the wire: a stretch of a packet, by the names of both. */
export interface Target {
  /** The packet's name on this page. */
  packet: string;
  /** The stretch: the key of its row in the field tree. */
  key: string;
  /** The byte and the bit of it that is meant, where one is. */
  byte?: number | undefined;
  bit?: number | undefined;
}

export class Lit {
  /** What was pinned. */
  pinned: Target | undefined;
  private pointed: Target | undefined;
  private focused: Target | undefined;
  private readonly watchers = new Set<() => void>();

  get target(): Target | undefined {
    return this.pointed ?? this.focused ?? this.pinned;
  }

  hover(target: Target | undefined): void {
    this.pointed = target;
    this.tell();
  }

  focus(target: Target | undefined): void {
    this.focused = target;
    this.tell();
  }

  /** Pins a target, or lets go of it if it is pinned already. */
  press(target: Target): void {
    this.pinned = isSame(this.pinned, target) ? undefined : target;
    this.tell();
  }

  release(): void {
    this.pinned = undefined;
    this.tell();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}

/** Whether both mean the same stretch of the same packet. */
export function isSame(one: Target | undefined, other: Target | undefined): boolean {
  return one?.packet === other?.packet && one?.key === other?.key;
}

/** What is lit on this page. */
export const lit = new Lit();
