/** A tick for what matches, a cross for what does not. */
export function Mark({ is }: { is: boolean }) {
  return (
    <svg class={`tp-sign ${is ? 'ok' : 'no'}`} viewBox="0 0 15 15" aria-hidden="true">
      <path d={is ? 'M2 8l4 4 7-9' : 'M3.5 3.5l8 8m0-8l-8 8'} />
    </svg>
  );
}
