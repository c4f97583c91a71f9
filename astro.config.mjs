import { unified } from '@astrojs/markdown-remark';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import remarkCjkFriendly from 'remark-cjk-friendly';
import linksValidator from 'starlight-links-validator';
import broker from './src/integrations/broker.ts';
import { expressiveCode } from './src/styles/code.ts';

/** @type {import('astro').AstroIntegration} */
const nowhere = {
  name: 'nowhere',
  hooks: {
    'astro:config:setup': ({ injectRoute }) =>
      injectRoute({ pattern: '/404', entrypoint: './src/pages/404.astro', prerender: true }),
  },
};

export default defineConfig({
  srcDir: '.',
  // Readers run this server too; the toolbar is for makers of sites.
  devToolbar: { enabled: false },
  // Plain Markdown does not see the end of emphasis that a Chinese full stop precedes.
  markdown: { processor: unified({ remarkPlugins: [remarkCjkFriendly] }) },
  vite: {
    // Found only when a reader presses a button, it would load their page anew under their hands.
    optimizeDeps: { include: ['browser-level'] },
    // Astro marks its own modules with such directives, which Rolldown then warns of page by page.
    build: { rolldownOptions: { checks: { moduleLevelDirective: false } } },
  },
  integrations: [
    broker(),
    nowhere,
    preact(),
    starlight({
      title: 'Glass Broker',
      description:
        'Learn MQTT inside a broker made of glass: lessons around a real broker that runs in the page.',
      defaultLocale: 'root',
      locales: { root: { label: 'English', lang: 'en' } },
      plugins: [linksValidator()],
      favicon: '/favicon.svg',
      credits: false,
      disable404Route: true,
      customCss: [
        './src/styles/fonts.css',
        './src/styles/tokens.css',
        './src/styles/starlight.css',
        './src/styles/figure.css',
      ],
      expressiveCode,
      routeMiddleware: './src/components/frame/route.ts',
      components: {
        ContentPanel: './src/components/frame/ContentPanel.astro',
        Footer: './src/components/frame/Footer.astro',
        Head: './src/components/frame/Head.astro',
        Header: './src/components/frame/Header.astro',
        PageFrame: './src/components/frame/PageFrame.astro',
        PageTitle: './src/components/frame/PageTitle.astro',
        Sidebar: './src/components/frame/Sidebar.astro',
        TableOfContents: './src/components/frame/TableOfContents.astro',
        TwoColumnContent: './src/components/frame/TwoColumnContent.astro',
      },
      sidebar: [{ label: 'Lessons', items: [{ autogenerate: { directory: 'lessons' } }] }],
    }),
  ],
});
