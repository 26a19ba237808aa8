// A notebook as it is sent: without outputs and pictures, which nobody reads and which may be large.
import { fill } from "./phrases.js";

const mostBytes = 2 << 20; // as on the server

export async function withoutOutputs(file, phrases) {
  const list = new DataTransfer();
  if (file.size > 64 << 20) return { refused: fill(phrases.bookTooLarge, file) };
  let text = await file.text();
  try {
    const book = JSON.parse(text);
    for (const cell of book.cells ?? []) {
      delete cell.attachments;
      if (cell.outputs) cell.outputs = [];
    }
    text = JSON.stringify(book);
  } catch {
    // the server says where it breaks
  }
  if (text.length > mostBytes) return { refused: fill(phrases.codeTooLarge, file) };
  list.items.add(new File([text], file.name));
  return { book: list.files };
}
