// The parts that messages share: node indexes, counts, blocks, movements, errors.
import DshColumns
import DshDiagnostics
import DshStore

extension ByteWriter {
  mutating func write(_ blocks: [BlockID]) { write(blocks) { $0.write($1.rawValue) } }

  mutating func write(_ locations: [BlockLocation]) {
    write(locations) { writer, location in
      writer.write(location.block)
      switch location.place {
      case .memory(let offset):
        writer.write(false)
        writer.write(offset)
      case .disk(let offset):
        writer.write(true)
        writer.write(offset)
      }
    }
  }

  mutating func write(_ movements: [MovedBytes]) {
    write(movements) { writer, movement in
      writer.write(movement.from)
      writer.write(movement.byteCount)
    }
  }
}

extension ByteReader {
  /// A number that can't be negative.
  mutating func readCount() throws(DecodingFailure) -> Int {
    let value = try readInt()
    guard value >= 0 else { throw DecodingFailure("a negative count: \(value)") }
    return value
  }

  mutating func readNode() throws(DecodingFailure) -> NodeIndex {
    let node = try readInt()
    guard node >= 0, node < nodeLimit else { throw DecodingFailure("a node index out of range: \(node)") }
    return node
  }

  /// A counted list; every element takes at least one byte, so a false count can't make it allocate much.
  mutating func readList<Element>(_ element: (inout ByteReader) throws(DecodingFailure) -> Element) throws(DecodingFailure) -> [Element] {
    let count = Int(try readUInt32())
    guard count <= remaining else { throw DecodingFailure("a list of \(count) with \(remaining) bytes left") }
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  /// What may be there or not.
  mutating func readOptionalItem<Item>(_ item: (inout ByteReader) throws(DecodingFailure) -> Item) throws(DecodingFailure) -> Item? {
    try readBool() ? try item(&self) : nil
  }

  mutating func readLocations() throws(DecodingFailure) -> [BlockLocation] {
    try readList { reader throws(DecodingFailure) in
      let id = BlockID(rawValue: try reader.readUInt64())
      let (node, epoch) = (try reader.readNode(), try reader.readCount())
      let block = BlockRef(id: id, node: node, epoch: epoch, byteCount: try reader.readCount(), rows: try reader.readCount())
      let isOnDisk = try reader.readBool()
      let offset = try reader.readCount()
      return BlockLocation(block, isOnDisk ? .disk(offset: offset) : .memory(offset: offset))
    }
  }

  mutating func readBlocks() throws(DecodingFailure) -> [BlockID] {
    try readList { reader throws(DecodingFailure) in BlockID(rawValue: try reader.readUInt64()) }
  }

  mutating func readMovements() throws(DecodingFailure) -> [MovedBytes] {
    try readList { reader throws(DecodingFailure) in MovedBytes(from: try reader.readNode(), byteCount: try reader.readCount()) }
  }
}
