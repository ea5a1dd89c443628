// Hands the memory of blocks to other processes of this machine.

import DshColumns
import DshPlan

/// The memory of a node's store, which others can map and read.
public struct SharedStore: @unchecked Sendable {
  // `@unchecked Sendable`: the address is only compared with others, and the owner keeps memory and descriptor.
  public let node: String
  /// Where it is mapped in this process.
  public let start: UnsafeRawPointer
  public let byteCount: Int
  /// Can be read and mapped, not written; open as long as `owner` lives.
  public let descriptor: Int32
  private let owner: AnyObject

  public init(node: String, start: UnsafeRawPointer, byteCount: Int, descriptor: Int32, owner: AnyObject) {
    self.node = node
    self.start = start
    self.byteCount = byteCount
    self.descriptor = descriptor
    self.owner = owner
  }

  /// Where bytes lie from the beginning of the store; nil if they lie elsewhere.
  public func offset(of bytes: Buffer) -> Int? {
    let offset = Int(bitPattern: bytes.address) - Int(bitPattern: start)
    return offset >= 0 && bytes.byteCount <= byteCount - offset ? offset : nil
  }
}

/// Blocks that stay where they are until the sharing is ended.
public struct SharedBlocks: Sendable {
  /// The number to end it by.
  public var hold: Int
  public var schema: Schema
  /// In order, each with the node it lies on. What is in no store was brought to this process.
  public var blocks: [(node: String, rows: Batch)]
  public var stores: [SharedStore]
  /// What making and looking at them did.
  public var work = RunWork()

  public init(hold: Int, schema: Schema, blocks: [(node: String, rows: Batch)], stores: [SharedStore]) {
    self.hold = hold
    self.schema = schema
    self.blocks = blocks
    self.stores = stores
  }
}

public protocol BlockSharing: AnyObject {
  /// The blocks of a plan: kept ones are used as they are, those that are not there are made.
  ///
  /// - Parameter limitBytes: the most bytes that they may take; nil for any number.
  /// - Throws: what `run` throws, `ByteLimitExceeded` among it.
  func share(_ plan: LogicalPlan, limitBytes: Int?, observer: RunObserver) throws -> SharedBlocks
  /// Ends a sharing; the blocks may be given up then. A number that stands for none is passed over.
  func endSharing(_ hold: Int)
}
