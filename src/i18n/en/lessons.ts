/** English names of the parts of the path, and the title and question of every lesson, by its address. */
export const lessons = {
  parts: {
    idea: 'The idea',
    bytes: 'The bytes',
    delivery: 'Delivery',
    security: 'Security',
    outside: 'Out of the page',
  },
  'publish-subscribe': {
    title: 'Publish and subscribe',
    question: 'I published, and my phone got nothing. Where did it go?',
  },
  topics: { title: 'Topics and wildcards', question: 'Which messages does `+/Light` catch?' },
  'network-stack': { title: 'The network stack', question: 'How much of what travels is mine?' },
  'fixed-header': { title: 'The fixed header', question: 'What do the first eight bits say?' },
  'remaining-length': {
    title: 'Remaining Length',
    question: 'How long is a packet that does not say so?',
  },
  'publish-packet': {
    title: 'Variable header and payload',
    question: 'Where does the topic end and my message begin?',
  },
  wireshark: { title: 'Check it with Wireshark', question: 'Can I check all this on the wire?' },
  qos: {
    title: 'QoS: the handshakes',
    question: 'I published once, and it arrived twice. Who sent it?',
  },
  sessions: { title: 'Sessions', question: 'What does the broker keep while I am away?' },
  retained: {
    title: 'Retained messages',
    question: 'How does a late subscriber learn the last value?',
  },
  will: { title: 'Will and keep alive', question: 'Who tells the others when my device dies?' },
  password: {
    title: 'User name and password',
    question: 'Who may connect, and who reads my password?',
  },
  certificates: {
    title: 'Certificates',
    question: 'How does a client know that it is the right broker?',
  },
  tls: { title: 'TLS', question: 'The same packet, unreadable. What changed?' },
  'all-together': { title: 'All together', question: 'Can I have all of it at once?' },
  'real-clients': { title: 'Real clients', question: 'Does it work with the tools I have?' },
  'mqtt-5': { title: 'MQTT 5', question: 'What did version 5 add, and why?' },
} as const;
