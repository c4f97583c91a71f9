// A party of a conversation: a glyph for what it is, and its name. Knows the glyphs; the name is given.

/** Publisher, broker, subscriber; a client that is both, and one that has not shown yet what it is. */
export type Role = 'publisher' | 'broker' | 'subscriber' | 'both' | 'unknown';

export interface Party {
  name: string;
  role: Role;
}

export const roleClass = {
  publisher: 'pub',
  broker: 'bro',
  subscriber: 'sub',
  both: 'both',
  unknown: 'bro',
} as const satisfies Record<Role, string>;

export function Who({ party: { name, role } }: { party: Party }) {
  return (
    <span class={`who ${roleClass[role]}`}>
      <Glyph role={role} />
      {name}
    </span>
  );
}

export function Glyph({ role }: { role: Role }) {
  return (
    <svg class={`gl ${roleClass[role]}`} viewBox="0 0 13 13" aria-hidden="true">
      {shape(role)}
    </svg>
  );
}

function shape(role: Role) {
  switch (role) {
    case 'publisher':
      return <path class="f" d="M1.5 1 12 6.5 1.5 12z" />;
    case 'broker':
      return <path d="M1 1h11v11H1zM4 4h5v5H4z" />;
    case 'subscriber':
      return (
        <>
          <circle cx="6.5" cy="6.5" r="5.5" />
          <circle class="f" cx="6.5" cy="6.5" r="2" />
        </>
      );
    case 'both':
      return (
        <>
          <circle cx="6.5" cy="6.5" r="5.5" />
          <path class="f" d="M5 3.5 9.5 6.5 5 9.5z" />
        </>
      );
    case 'unknown':
      return <circle cx="6.5" cy="6.5" r="5.5" stroke-dasharray="1.5 2" />;
    default:
      return role satisfies never;
  }
}
