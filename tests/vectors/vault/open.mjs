// Opens envelopes of the vault with Node's own crypto, written from the description of the format
// and from nothing else. Reads lines of JSON {key, place, envelope} (bytes in hex) from standard
// input; writes for each the content in hex, or "refused".
import { createDecipheriv, hkdfSync, timingSafeEqual } from "node:crypto";
import { createInterface } from "node:readline";

const REFUSED = "refused";

function placeText(place) {
  const parts = [place.organisation, place.account, place.login, String(place.version)];
  const pieces = [Buffer.from("RCLV"), Buffer.from([1])];
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    pieces.push(length, bytes);
  }
  return Buffer.concat(pieces);
}

function derive(key, salt, info, length) {
  return Buffer.from(hkdfSync("sha256", key, salt, info, length));
}

function decrypt(key, nonce, sealed, associated) {
  const cipher = createDecipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(associated);
  cipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return Buffer.concat([cipher.update(sealed.subarray(0, sealed.length - 16)), cipher.final()]);
}

function open({ key, place, envelope }) {
  const bytes = Buffer.from(envelope, "hex");
  const text = placeText(place);
  if (bytes.length < 8 || bytes.subarray(0, 6).compare(Buffer.from("RCLV\x01\x01")) !== 0) {
    return REFUSED;
  }
  const end = 8 + bytes.readUInt16BE(6);
  if (bytes.length < end + 48 || end !== 88) {
    return REFUSED;
  }
  try {
    const salt = bytes.subarray(8, 40);
    const info = Buffer.concat([Buffer.from("rolecall wrap 1"), text]);
    const wrapping = derive(Buffer.from(key, "hex"), salt, info, 44);
    const dataKey = decrypt(
      wrapping.subarray(0, 32), wrapping.subarray(32), bytes.subarray(40, end), text,
    );
    const made = derive(
      dataKey, Buffer.alloc(0), Buffer.concat([Buffer.from("rolecall vault 1"), text]), 76,
    );
    if (!timingSafeEqual(made.subarray(32, 64), bytes.subarray(end, end + 32))) {
      return REFUSED;
    }
    return decrypt(
      made.subarray(0, 32), made.subarray(64), bytes.subarray(end + 32), text,
    ).toString("hex");
  } catch {
    return REFUSED;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(open(JSON.parse(line)));
}
