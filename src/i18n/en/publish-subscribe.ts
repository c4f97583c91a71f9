/** English words of lesson 1: its figures, its predictions, its goal, its exercise. */
export const publishSubscribe = {
  stories: { retained: 'Retained', session: 'Session kept', will: 'Will' },
  bothWays: {
    question:
      'Device A has subscribed to the topic B, and device B has subscribed to the topic A. Now A publishes “hello” to the topic A. Who gets it?',
    options: ['A and B', 'A', 'B'],
  },
  mistyped: {
    question:
      'The phone has subscribed to Room1/Temperature. Now p1 publishes “21” to Room1/temperature, with a small t. Nobody has used that topic before. What becomes of “21”?',
    options: ['The broker refuses it', 'The phone gets it', 'It goes to nobody'],
  },
  offline: {
    question:
      'The phone has subscribed, and p1 publishes “1”, “2”, “3” and “4”. After “2” the phone disconnects. After “4” it comes back and subscribes again. What has it got in the end?',
    options: ['“1”, “2”, “3” and “4”', '“1”, “2” and “4”', '“1” and “2”'],
  },
  goal: {
    title: 'two devices talk both ways, and one message goes to nobody',
    offers: {
      subscribeAA: 'A: subscribe to A',
      subscribeAB: 'A: subscribe to B',
      publishA: 'A: publish “hello” to A',
      subscribeBA: 'B: subscribe to A',
      subscribeBB: 'B: subscribe to B',
      publishB: 'B: publish “hi” to B',
    },
    heard: {
      B: 'device B receives “hello”, which A has published',
      A: 'device A receives “hi”, which B has published',
    },
    noEcho: 'neither of them receives what it has published itself',
    echoes: 'received {count}',
    unheard: 'one message reaches the broker while nobody has subscribed to its topic',
    quoted: '“{payload}”',
    obstacles: {
      ownTopic:
        'A device got back what it had published itself: it has subscribed to its own topic. Go back, and subscribe to the other one.',
      early:
        'A message has reached the broker, and nobody had subscribed to its topic. Now let each device subscribe to the topic of the other, and publish again.',
      nothingYet: 'Nothing has been received so far. To receive, a device has to subscribe first.',
      oneWay: 'One device has heard the other. The other way is still missing.',
      onItsWay: 'Something is still on its way. Step on.',
      notLost:
        'Every message has found somebody. Go back to the beginning, and publish once before anybody subscribes.',
    },
    hints: [
      'The message for nobody is easy at the beginning: no device has subscribed yet.',
      'A gets what B says if A subscribes to the topic to which B publishes.',
      'A publishes “hello”. Then A subscribes to B, and B to A. Then both publish. Step until all has arrived.',
    ],
  },
  exercise: {
    task: 'All four clients speak MQTT {version} and are connected at the beginning. None of them keeps a session. Which of them get “{payload}”?',
    lines: {
      subscribes: '{client} subscribes to {topic}.',
      unsubscribes: '{client} unsubscribes from {topic}.',
      leaves: '{client} disconnects.',
      returns: '{client} connects again.',
      publishes: 'p1 publishes “{payload}” to {topic}.',
    },
    gets: 'These get “{payload}”',
    wrong:
      'It is different for {clients}. Ask of each client: at the moment when the message is published, is it connected, and is it subscribed to exactly this topic?',
    reasons: {
      subscribed: '{client} gets it.',
      away: '{client} was not connected.',
      later: '{client} subscribed only afterwards.',
      other: '{client} had subscribed to another topic.',
      ended: 'The subscription of {client} had ended.',
      nothing: '{client} had not subscribed.',
    },
  },
} as const;
