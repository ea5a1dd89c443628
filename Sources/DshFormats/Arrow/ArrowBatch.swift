// A record batch (Message.fbs of the Arrow columnar format): where its buffers are, and their bytes.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The bytes behind a message.
protocol ArrowBody {
  var byteCount: Int { get }
  /// A copy of some of them, which lie within the body.
  func read(_ range: Range<Int>) throws -> Buffer
}

/// A body in memory.
struct ArrowMemoryBody: ArrowBody {
  let bytes: [UInt8]

  var byteCount: Int { bytes.count }

  func read(_ range: Range<Int>) -> Buffer {
    let buffer = MutableBuffer(capacity: range.count)
    bytes.withUnsafeBytes { if let base = $0.baseAddress { buffer.append(base + range.lowerBound, byteCount: range.count) } }
    return buffer.freeze()
  }
}

/// A body in a file, of which only what is asked for is read.
struct ArrowFileBody: ArrowBody {
  let source: ByteSource
  let offset: Int
  let byteCount: Int

  func read(_ range: Range<Int>) throws -> Buffer { try source.buffer(at: offset + range.lowerBound, count: range.count) }
}

/// One record batch; one thread uses it.
final class ArrowBatch {
  let rowCount: Int
  private let body: any ArrowBody
  private let nodes: [(first: Int64, second: Int64)]
  private let buffers: [Range<Int>]
  private let viewBuffers: [Int]
  private let codec: ArrowCodec?
  /// Buffers that were read as a whole.
  private var whole: [Int: Buffer] = [:]

  /// No batch has more rows, so that row numbers fit 32 bits.
  private static let rowLimit = Int64(Int32.max)

  /// - Parameter table: a table `RecordBatch`.
  init(_ table: FlatTable, body: any ArrowBody) throws(ArrowMistake) {
    self.body = body
    codec = try table.table(3).map { compression throws(ArrowMistake) in try ArrowCodec(compression) }
    nodes = try table.pairs(1)
    viewBuffers = try table.numbers(4).map { Int(clamping: max(0, $0)) }
    var buffers: [Range<Int>] = []
    for (start, length) in try table.pairs(2) {
      guard start >= 0, length >= 0, length <= Int64(body.byteCount), start <= Int64(body.byteCount) - length else {
        throw ArrowMistake("a column's values lead out of their batch")
      }
      buffers.append(Int(start)..<Int(start + length))
    }
    self.buffers = buffers
    let count = try table.number(0, Int64.self)
    guard 0...Self.rowLimit ~= count else { throw ArrowMistake("a batch of \(count) rows") }
    rowCount = Int(count)
  }

  var nodeCount: Int { nodes.count }
  var bufferCount: Int { buffers.count }
  /// Whether the buffers can be read only as a whole.
  var isCompressed: Bool { codec != nil }

  /// The further buffers of the views with a number.
  func viewBufferCount(_ view: Int) throws(ArrowMistake) -> Int {
    guard viewBuffers.indices.contains(view), viewBuffers[view] <= buffers.count else { throw ArrowMistake("views without their buffers") }
    return viewBuffers[view]
  }

  /// Rows and nulls of a column.
  func node(_ index: Int) throws(ArrowMistake) -> (rows: Int64, nulls: Int64) {
    guard nodes.indices.contains(index) else { throw ArrowMistake("a batch has fewer columns than its schema") }
    return (nodes[index].first, nodes[index].second)
  }

  /// Some bytes of a buffer.
  func bytes(_ index: Int, _ range: Range<Int>) throws -> Buffer {
    guard buffers.indices.contains(index) else { throw ArrowMistake("a column without its values") }
    if codec != nil || whole[index] != nil {
      let buffer = try bytes(index)
      guard range.upperBound <= buffer.byteCount else { throw ArrowMistake("a column has fewer values than rows") }
      // What is looked at as numbers begins where numbers may.
      return buffer.slice(from: range.lowerBound, byteCount: range.count)
    }
    guard range.upperBound <= buffers[index].count else { throw ArrowMistake("a column has fewer values than rows") }
    let start = buffers[index].lowerBound + range.lowerBound
    return try body.read(start..<start + range.count)
  }

  /// All bytes of a buffer.
  func bytes(_ index: Int) throws -> Buffer {
    if let known = whole[index] { return known }
    guard buffers.indices.contains(index) else { throw ArrowMistake("a column without its values") }
    let stored = try body.read(buffers[index])
    let buffer = try codec.map { try $0.decompress(stored) } ?? stored
    whole[index] = buffer
    return buffer
  }
}
