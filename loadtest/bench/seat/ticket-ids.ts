/** Ids of the bench's tickets: all of one length and easy to find in a frame, so that the echo can put its own in. */

export const ID_CHARS = 10;
const MARK = "id-";

export const ticketId = (number: number) => MARK + number.toString(36).padStart(ID_CHARS - MARK.length, "0");

/** Where the ticket's id begins in an encoded message; -1 if it has none. */
export const idOffset = (frame: Buffer) => frame.indexOf(MARK);
