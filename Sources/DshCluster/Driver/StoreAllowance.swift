// How large object stores can be: what the machine has and what the limits of the process leave.
import DshDiagnostics
import DshSystem

/// What there is for object stores. Pure, so that it can be tested with any machine.
struct StoreAllowance: Sendable, Equatable {
  /// Memory that this process may use, and the machine's swap space.
  var memoryBytes: Int
  var swapBytes: Int
  var limits: ProcessLimits
  /// Address space that the program takes before there is any store.
  var programBytes: Int
  /// Tasks that a node runs at once.
  var slots: Int

  /// Room for a process beside the stores, and again for each of its tasks: what they hold while they read, group and sort common data.
  static let workBytes = 64 << 20

  /// That of this process.
  static func ofThisProcess(slots: Int) -> StoreAllowance {
    let limits = ProcessLimits.current
    return StoreAllowance(
      memoryBytes: usableMemoryBytes(), swapBytes: DshSystem.swapBytes(), limits: limits,
      programBytes: limits.addressSpaceBytes == nil ? 0 : (try? mappedBytes()) ?? 0, slots: slots)
  }

  /// What bounds a store.
  private enum Bound { case memory, addressSpace, fileSize }

  /// The address space of a process that is not for stores.
  private var ownBytes: Int { programBytes + Self.workBytes + slots * (Self.workBytes + threadStackBytes) }

  private func largest(nodes: Int) -> (bytes: Int, bound: Bound) {
    var found = (bytes: memoryBytes + swapBytes, bound: Bound.memory)
    // Every process maps its own store and those of all others, the head's among them.
    if let limit = limits.addressSpaceBytes, (limit - ownBytes) / (nodes + 1) < found.bytes {
      found = (max(0, limit - ownBytes) / (nodes + 1), .addressSpace)
    }
    if let limit = limits.fileBytes, limit < found.bytes { found = (limit, .fileSize) }
    return (max(0, found.bytes - ClusterOptions.pageBytes) / ClusterOptions.pageBytes * ClusterOptions.pageBytes, found.bound)
  }

  /// The largest store that each process of a cluster can have.
  func largestStoreBytes(nodes: Int) -> Int { largest(nodes: nodes).bytes }

  /// Refuses stores that can't be had.
  func check(storeBytes: Int, nodes: Int) throws(Diagnostic) {
    if let limit = limits.dataBytes, limit < Self.workBytes {
      throw Diagnostic(
        .outOfMemory, "too little memory to work with: \(bytesText(limit)) for a process",
        notes: limits.memoryNotes + ["raise it to \(bytesText(Self.workBytes)) or more"])
    }
    let (bytes, bound) = largest(nodes: nodes)
    if storeBytes <= bytes { return }
    let isAny = bytes >= ClusterOptions.smallestStoreBytes
    let message = "an object store of \(bytesText(storeBytes)) can't be had"
    let size = isAny ? "give --object-store-memory a size up to \(bytesText(bytes))" : nil
    switch bound {
    case .memory:
      throw Diagnostic(
        .storeTooLarge, message,
        notes: ["there is: \(bytesText(memoryBytes)) of memory and \(bytesText(swapBytes)) of swap space"] + (size.map { [$0] } ?? []))
    case .addressSpace:
      let least = ownBytes + (nodes + 1) * (ClusterOptions.smallestStoreBytes + 2 * ClusterOptions.pageBytes)
      throw Diagnostic(
        .outOfMemory, message,
        notes: limits.memoryNotes + [
          "each of \(nodes + 1) processes maps the stores of all, beside \(bytesText(ownBytes)) of its own",
          (["raise the limit to \(bytesText(least)) or more"] + (size.map { [$0] } ?? [])
            + (nodes > 1 ? ["give --nodes a smaller number"] : []))
            .joined(separator: ", or "),
        ])
    case .fileSize:
      throw Diagnostic(
        .fileTooLarge, message,
        notes: [
          limits.storeNotes.last ?? "",
          (["raise the limit"] + (size.map { [$0] } ?? [])).joined(separator: ", or "),
        ])
    }
  }
}
