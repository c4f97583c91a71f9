/**
 * What Starlight knows of a page, put right for lessons: before and after follow the path, and the first entry of
 * "On this page" is the question. Other pages have no neighbours.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { dictionary, fill } from '../../i18n/index.ts';
import { type Lesson, lessons } from '../../lessons/written.ts';

/** Starlight calls this for every page before it is drawn. */
export const onRequest = defineRouteMiddleware(async (context) => {
  const route = context.locals.starlightRoute;
  const words = dictionary(route.lang).frame;
  const written = (await lessons(route.lang)).filter(({ href }) => href);
  const here = written.findIndex(({ slug }) => route.entry.id === `lessons/${slug}`);
  route.pagination =
    here < 0 ? { prev: undefined, next: undefined } : { prev: link(here - 1), next: link(here + 1) };
  const top = route.toc?.items[0];
  if (here >= 0 && top) top.text = words.question;

  function link(index: number): (typeof route.pagination)['prev'] {
    const lesson = written[index];
    return lesson?.href
      ? {
          type: 'link',
          label: label(lesson),
          href: lesson.href,
          isCurrent: false,
          badge: undefined,
          attrs: {},
        }
      : undefined;
  }

  function label(lesson: Lesson): string {
    return fill(words.lesson.label, { number: lesson.number, title: lesson.title });
  }
});
