"""paho-mqtt against a broker: python3 scenario.py PORT tcp|websockets 3|4|5. Prints what it saw, as JSON. For paho-mqtt 1.5 to 2."""
import json
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PORT, TRANSPORT, VERSION = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
PATIENCE = 20


class Peer:
    """A client whose happenings can be waited for, in their order."""

    def __init__(self, name, clean=True, will=None):
        words = dict(client_id=name, protocol=VERSION, transport=TRANSPORT)
        if VERSION < 5:
            words["clean_session"] = clean
        if hasattr(mqtt, "CallbackAPIVersion"):
            words["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        self.client = mqtt.Client(**words)
        self.happenings = queue.Queue()
        self.messages = queue.Queue()
        self.client.on_connect = lambda *told: self.happenings.put(("connected", told))
        self.client.on_subscribe = lambda *told: self.happenings.put(("subscribed", told))
        self.client.on_disconnect = lambda *told: self.happenings.put(("disconnected", told))
        self.client.on_message = lambda _client, _data, message: self.messages.put(message)
        if will is not None:
            self.client.will_set(will, "gone", qos=1)
        more = {}
        if VERSION == 5:
            more["clean_start"] = clean
            more["properties"] = Properties(PacketTypes.CONNECT)
            more["properties"].SessionExpiryInterval = 0 if clean else 60
        self.client.connect("127.0.0.1", PORT, keepalive=30, **more)
        self.client.loop_start()
        _client, _data, flags, code, *rest = self.wait("connected")
        assert int(getattr(code, "value", code)) == 0, code
        self.is_present = bool(flags["session present"]) if VERSION != 3 else None
        self.connack = rest[0] if rest else None

    def wait(self, kind):
        while True:
            found, told = self.happenings.get(timeout=PATIENCE)
            if found == kind:
                return told

    def subscribe(self, topic_filter, qos):
        if VERSION == 5:
            properties = Properties(PacketTypes.SUBSCRIBE)
            properties.SubscriptionIdentifier = 7
            self.client.subscribe(topic_filter, options=mqtt.SubscribeOptions(qos=qos), properties=properties)
        else:
            self.client.subscribe(topic_filter, qos)
        self.wait("subscribed")

    def publish(self, topic, payload, qos, retain=False, properties=None):
        more = {} if properties is None else {"properties": properties}
        info = self.client.publish(topic, payload, qos=qos, retain=retain, **more)
        info.wait_for_publish(PATIENCE) if hasattr(mqtt, "CallbackAPIVersion") else info.wait_for_publish()

    def message(self):
        message = self.messages.get(timeout=PATIENCE)
        return "%d %d %s %s" % (message.qos, message.retain, message.topic, message.payload.decode()), message

    def take(self, count):
        return [self.message()[0] for _ in range(count)]

    def leave(self):
        self.client.disconnect()
        self.wait("disconnected")
        self.client.loop_stop()

    def vanish(self):
        """Ends the network connection without a word."""
        self.client.loop_stop()
        self.client.socket().close()


def delivery():
    subscriber, publisher = Peer("subscriber"), Peer("publisher")
    subscriber.subscribe("Room1/#", 2)
    for qos in (0, 1, 2):
        publisher.publish("Room1/Light", "on %d" % qos, qos)
    seen = subscriber.take(3)
    subscriber.leave()
    publisher.leave()
    return seen


def retained():
    publisher = Peer("publisher")
    publisher.publish("kept", "still here", 1, retain=True)
    reader = Peer("reader")
    reader.subscribe("kept", 1)
    seen = reader.take(1)
    publisher.publish("kept", "", 1, retain=True)
    seen += reader.take(1)
    reader.leave()
    publisher.leave()
    return seen


def wills():
    watcher = Peer("watcher")
    watcher.subscribe("gone/#", 1)
    Peer("polite", will="gone/polite").leave()
    Peer("mortal", will="gone/mortal").vanish()
    seen = watcher.take(1)
    watcher.leave()
    return seen


def sessions():
    first = Peer("keeper", clean=False)
    first.subscribe("a", 2)
    first.leave()
    publisher = Peer("publisher")
    publisher.publish("a", "one", 1)
    publisher.publish("a", "two", 2)
    second = Peer("keeper", clean=False)
    seen = [first.is_present, second.is_present, *second.take(2)]
    second.leave()
    publisher.leave()
    Peer("keeper").leave()
    return seen


def properties():
    """What only 5.0 has."""
    nameless = Peer("")
    reader = Peer("reader")
    reader.subscribe("p", 1)
    sent = Properties(PacketTypes.PUBLISH)
    sent.UserProperty = [("a", "1"), ("a", "2")]
    sent.ContentType = "text/plain"
    sent.ResponseTopic = "answers"
    sent.CorrelationData = b"\x00\x01"
    sent.MessageExpiryInterval = 100
    sent.PayloadFormatIndicator = 1
    nameless.publish("p", "x", 1, properties=sent)
    got = reader.message()[1].properties
    seen = {
        "user": [list(pair) for pair in got.UserProperty],
        "type": got.ContentType,
        "answer": got.ResponseTopic,
        "correlation": list(got.CorrelationData),
        "expiry": got.MessageExpiryInterval,
        "format": got.PayloadFormatIndicator,
        "identifier": got.SubscriptionIdentifier,
        "assigned": nameless.connack.AssignedClientIdentifier != "",
    }
    reader.leave()
    nameless.leave()
    return seen


found = {part.__name__: part() for part in (delivery, retained, wills, sessions)}
if VERSION == 5:
    found["properties"] = properties()
print(json.dumps(found))
