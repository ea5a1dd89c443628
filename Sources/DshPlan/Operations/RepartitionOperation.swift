// Other blocks of the same rows.

import DshColumns
import DshDiagnostics

/// The same rows cut into blocks anew.
public struct Repartition: LogicalOperation {
  public static let name = "repartition"
  public static let inputCount = 1

  public enum Size: Hashable, Sendable {
    case blocks(Int)
    /// About so many bytes a block.
    case bytes(Int)

    public func encode(to writer: inout ByteWriter) {
      switch self {
      case .blocks(let count):
        writer.write(false)
        writer.write(count)
      case .bytes(let count):
        writer.write(true)
        writer.write(count)
      }
    }
  }

  public let size: Size
  /// Columns whose equal rows come into the same block; if there are any, the order of rows is kept within blocks only.
  public let keys: [Int]

  public init(_ size: Size, keys: [Int]) {
    self.size = size
    self.keys = keys
  }

  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String {
    let sizeText =
      switch size {
      case .blocks(let count): counted(count, "block")
      case .bytes(let count): "blocks of \(bytesText(count))"
      }
    return "repartition: \(sizeText)" + (keys.isEmpty ? "" : " by \(keys.map { inputs[0][$0].name }.joined(separator: ", "))")
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let needed = Set(wanted).union(keys).sorted()
    let moved = keys.compactMap { needed.firstIndex(of: $0) }
    return PrunedOperation(operation: Repartition(size, keys: moved), needed: [needed], available: needed)
  }

  public func encode(to writer: inout ByteWriter) {
    size.encode(to: &writer)
    writer.write(keys) { $0.write($1) }
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    let isBytes = try reader.readBool()
    let count = try reader.readInt()
    guard count > 0 else { throw DecodingFailure("blocks of no size") }
    size = isBytes ? .bytes(count) : .blocks(count)
    keys = try reader.readArray { try $0.readInt() }
    guard keys.allSatisfy(inputs[0].fields.indices.contains) else { throw DecodingFailure("keys that are no columns") }
  }
}
