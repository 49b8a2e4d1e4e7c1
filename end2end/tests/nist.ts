/** Files of a capture station (ANSI/NIST-ITL, traditional encoding). The headers are true; the images are one grey. */

const [FS, GS, RS, US] = ["\x1c", "\x1d", "\x1e", "\x1f"];

function record(type: number, fields: [number, string | Buffer][]) {
  const written = fields.map(([field, value]) => Buffer.concat([Buffer.from(`${GS}${type}.${String(field).padStart(3, "0")}:`), Buffer.from(value)]));
  const rest = Buffer.concat([...written, Buffer.from(FS)]);
  // The length counts its own digits.
  let length = rest.length;
  for (;;) {
    const head = `${type}.001:${length}`;
    if (head.length + rest.length === length) return Buffer.concat([Buffer.from(head), rest]);
    length = head.length + rest.length;
  }
}

const DAY = "20260105";
const SIDE = 100;

/** The index finger of the right hand. */
export function fingerprints() {
  const first = record(1, [
    [2, "0501"],
    [3, ["1" + US + "1", "14" + US + "1"].join(RS)],
    [4, "CFP"],
    [5, DAY],
    [7, "E2E"],
    [8, "E2E"],
    [9, "E2E-CAPTURE-1"],
    [11, "00.00"],
    [12, "00.00"],
    [13, `PORTICO-CAPTURE${US}1.0`],
  ]);
  const print = record(14, [
    [2, "1"],
    [3, "0"],
    [4, "E2E"],
    [5, DAY],
    [6, String(SIDE)],
    [7, String(SIDE)],
    [8, "1"],
    [9, "500"],
    [10, "500"],
    [11, "NONE"],
    [12, "8"],
    [13, "2"],
    [999, Buffer.alloc(SIDE * SIDE, 0x77)],
  ]);
  return Buffer.concat([first, print]);
}
