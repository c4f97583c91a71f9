// The signs on the stepper's buttons, and the glyphs that say who. Knows shapes only.
const paths = {
  start: 'M13 3.5 8.5 8l4.5 4.5zM8 3.5 3.5 8 8 12.5z',
  back: 'M10.5 3.5 5 8l5.5 4.5zM3.5 3.5v9',
  step: 'M5.5 3.5 11 8l-5.5 4.5zM12.5 3.5v9',
  end: 'M3 3.5 7.5 8 3 12.5zM8 3.5 12.5 8 8 12.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  deliver: 'M2 8h9M7.5 4.5 11 8l-3.5 3.5M14 3.5v9',
  release: 'M5 3.5 12 8l-7 4.5z',
  cut: 'M1.5 8h4M10.5 8h4M6 12l4-8',
  connect: 'M1.5 8h13M5.5 4.5v7M10.5 4.5v7',
  fork: 'M4 5v6M12 7c0 2.5-8 1-8 4M5.5 3.5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0M5.5 12.5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0M13.5 5.5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0',
  link: 'M6.5 9.5 9.5 6.5M7.5 5l2-2a2.5 2.5 0 0 1 3.5 3.5l-2 2M8.5 11l-2 2A2.5 2.5 0 0 1 3 9.500l2-2',
  newest: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3.5 13.5h9',
  pcapng: 'M8 2v7M5 6l3 3 3-3M2.5 11v2.5h11V11',
  svg: 'M2.5 3h11v10h-11zM2.5 10.5l3-3 2.5 2.5 2-2 3.5 3M10.5 6a.75.75 0 1 1-1.5 0 .75.75 0 0 1 1.5 0',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.500v-3h-8v8h3',
} as const;

/** An outlined sign. */
export function Icon({ of }: { of: keyof typeof paths }) {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[of]} />
    </svg>
  );
}

/** The one sign that is filled. */
export function PlayIcon() {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths.release} fill="currentColor" />
    </svg>
  );
}

/** What is struck out. */
export function Cross() {
  return (
    <svg class="xx" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M2 2l10 10M12 2 2 12" />
    </svg>
  );
}
