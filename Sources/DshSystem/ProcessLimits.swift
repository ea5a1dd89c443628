// What whoever started this process allows it: the limits that `ulimit` sets.
import CDshSystem
import DshDiagnostics
import Glibc

/// The limits of this process; nil where there is none.
public struct ProcessLimits: Sendable, Equatable {
  /// All memory that is mapped, files and shared memory among it (`ulimit -v`).
  public var addressSpaceBytes: Int?
  /// Memory of its own (`ulimit -d`).
  public var dataBytes: Int?
  /// Any file it writes, shared memory among them (`ulimit -f`).
  public var fileBytes: Int?
  /// `ulimit -n`.
  public var openFiles: Int?
  /// Processes and threads of its user together (`ulimit -u`).
  public var processes: Int?

  public init() {}

  public static var current: ProcessLimits {
    func limit(_ what: dsh_limited) -> Int? {
      let value = dsh_limit(what)
      return value < 0 ? nil : Int(value)
    }
    var limits = ProcessLimits()
    limits.addressSpaceBytes = limit(DSH_ADDRESS_SPACE)
    limits.dataBytes = limit(DSH_DATA)
    limits.fileBytes = limit(DSH_FILE_SIZE)
    limits.openFiles = limit(DSH_OPEN_FILES)
    limits.processes = limit(DSH_PROCESSES)
    return limits
  }

  /// The limits that keep object stores small; none if there are none.
  public var storeNotes: [String] {
    (addressSpaceBytes.map { ["limit: \(bytesText($0)) of address space for a process (ulimit -v)"] } ?? [])
      + (fileBytes.map { ["limit: \(bytesText($0)) for a file, and shared memory is one (ulimit -f)"] } ?? [])
  }

  /// The limits of memory, for an error that may be due to them; none if there are none.
  public var memoryNotes: [String] {
    [
      addressSpaceBytes.map { "limit: \(bytesText($0)) of address space for a process (ulimit -v)" },
      dataBytes.map { "limit: \(bytesText($0)) of memory for a process (ulimit -d)" },
    ].compactMap { $0 }
  }
}

/// Bytes of address space that this process has mapped.
public func mappedBytes() throws(Diagnostic) -> Int {
  let text = String(decoding: try readWholeFile("/proc/self/statm"), as: UTF8.self)
  return (text.split(separator: " ").first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}
