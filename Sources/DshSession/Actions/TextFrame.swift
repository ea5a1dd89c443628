// What stands around and between the parts of a text in one of the data formats.

import DshColumns
import DshFormats

struct TextFrame {
  let header: [UInt8]
  let separator: [UInt8]
  let footer: [UInt8]

  init(_ writer: any TextWriter, schema: Schema) {
    func bytes(_ append: (MutableBuffer) -> Void) -> [UInt8] {
      let buffer = MutableBuffer(capacity: 256)
      append(buffer)
      return Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount))
    }
    header = bytes { writer.appendHeader(schema, to: $0) }
    separator = bytes { CellText.append(writer.separator, to: $0) }
    footer = bytes { writer.appendFooter(schema, to: $0) }
  }
}
