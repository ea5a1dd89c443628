// What the head asks of the bridge to Ray.

import DshColumns
import DshSystem

/// How the Ray of a session is come by.
public enum RayAddress: Sendable, Equatable {
  /// One of its own, on this machine, that ends with the shell.
  case own(nodes: Int, slots: Int, storeBytes: Int)
  /// One that runs: `auto` for that of this machine, else `host:port`.
  case running(String)
}

/// What a task reads.
enum BridgeInput: Equatable {
  /// A whole block: in place where the task runs on its node, else Ray copies it there.
  case block(BlockID)
  /// Rows that are laid out on the node of their blocks, and moved.
  case gathered(node: String, request: [UInt8], blocks: [BlockID])
}

/// What is asked about a file at an address.
enum RemoteQuestion: Equatable {
  /// What is known of it.
  case entry
  /// The entries of a folder.
  case entries
  case read(offset: Int, byteCount: Int)
  /// To give a file of this machine, at a path, to the cluster: the address that it has then.
  case ship(FileIdentity)

  fileprivate var tag: UInt8 {
    switch self {
    case .entry: 1
    case .entries: 2
    case .read: 3
    case .ship: 4
    }
  }

  fileprivate var numbers: [Int64] {
    switch self {
    case .entry, .entries: []
    case .read(let offset, let byteCount): [Int64(offset), Int64(byteCount)]
    case .ship(let identity): identity.numbers
    }
  }
}

/// A message from the head to the bridge. Nodes have the names that Ray gives them.
enum BridgeRequest: Equatable {
  case start(version: String, RayAddress, library: String)
  case run(task: UInt64, block: BlockID, node: String, isRetriable: Bool, request: [UInt8], inputs: [BridgeInput])
  /// Something to be done over blocks on a node, without taking a processor; what comes of it goes to the head.
  case call(number: UInt64, node: String, request: [UInt8], blocks: [BlockID])
  /// The bytes of a whole block.
  case fetch(number: UInt64, block: BlockID)
  case cancel(task: UInt64)
  case release([BlockID])
  case locate(number: UInt64, [BlockID])
  /// Something about a file at an address, or to be given one; answered by bytes.
  case file(number: UInt64, RemoteQuestion, address: String)
  case addNodes(Int)
  case killNode(String)
  case stop

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .start(let version, let address, let library):
      writer.write(UInt8(1))
      writer.write(version)
      writer.write(address)
      writer.write(library)
      if case .running = address { writer.write(true) } else { writer.write(false) }
    case .run(let task, let block, let node, let isRetriable, let request, let inputs):
      writer.write(UInt8(2))
      writer.write(task)
      writer.write(block.rawValue)
      writer.write(node)
      writer.write(isRetriable)
      writer.write(request)
      writer.write(inputs) { $0.write($1) }
    case .call(let number, let node, let request, let blocks):
      writer.write(UInt8(3))
      writer.write(number)
      writer.write(node)
      writer.write(request)
      writer.write(blocks)
    case .fetch(let number, let block):
      writer.write(UInt8(4))
      writer.write(number)
      writer.write(block.rawValue)
    case .cancel(let task):
      writer.write(UInt8(5))
      writer.write(task)
    case .release(let blocks):
      writer.write(UInt8(6))
      writer.write(blocks)
    case .locate(let number, let blocks):
      writer.write(UInt8(7))
      writer.write(number)
      writer.write(blocks)
    case .file(let number, let question, let address):
      writer.write(UInt8(8))
      writer.write(number)
      writer.write(question.tag)
      writer.write(address)
      writer.write(question.numbers) { $0.write($1) }
    case .addNodes(let count):
      writer.write(UInt8(9))
      writer.write(count)
    case .killNode(let node):
      writer.write(UInt8(10))
      writer.write(node)
    case .stop: writer.write(UInt8(11))
    }
    return writer.bytes
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ address: RayAddress) {
    switch address {
    case .own(let nodes, let slots, let storeBytes):
      write("")
      write(nodes)
      write(slots)
      write(storeBytes)
    case .running(let place):
      write(place)
      for _ in 0..<3 { write(0) }
    }
  }

  fileprivate mutating func write(_ input: BridgeInput) {
    switch input {
    case .block(let block):
      write(UInt8(0))
      write(block.rawValue)
    case .gathered(let node, let request, let blocks):
      write(UInt8(1))
      write(node)
      write(request)
      write(blocks)
    }
  }
}
