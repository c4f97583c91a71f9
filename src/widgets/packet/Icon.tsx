// The signs on the widget's buttons. Knows shapes only.
const paths = {
  copy: 'M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM10.5 5.5v-3h-8v8h3',
  link: 'M6.5 9.5 9.5 6.5M7.5 5l2-2a2.5 2.5 0 0 1 3.5 3.5l-2 2M8.5 11l-2 2A2.5 2.5 0 0 1 3 9.5l2-2',
  undo: 'M6 4 2.5 7.5 6 11M2.5 7.5h7a3.5 3.5 0 0 1 0 7H7',
  redo: 'M10 4l3.5 3.5L10 11M13.5 7.5h-7a3.5 3.5 0 0 0 0 7H9',
} as const;

export function Icon({ of }: { of: keyof typeof paths }) {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[of]} />
    </svg>
  );
}
