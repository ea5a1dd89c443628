// The functions of the C interface; what each does is said in Sources/CDshLibrary/include/dsh.h.

import DshColumns
import DshDiagnostics
import DshSystem
import DshTasks
import Synchronization

/// What `dsh_run` gives back: everything that its other functions point to.
private final class LibraryResult {
  let outcome: Buffer
  let segments: [Buffer]

  init(_ answer: (outcome: LibraryOutcome, made: Segments?)) {
    outcome = Buffer(copying: answer.outcome.encoded())
    segments = answer.made?.buffers ?? []
  }

  /// The result behind an address that `dsh_run` gave and `dsh_free` has not got yet.
  static func at(_ address: UnsafeMutableRawPointer) -> LibraryResult {
    unsafe Unmanaged<LibraryResult>.fromOpaque(address).takeUnretainedValue()
  }
}

/// A number that somebody else sets when nobody wants the result any more.
///
/// `@unchecked Sendable`: it is read in one piece, and whoever gave it keeps it until `dsh_run` returns.
@safe private struct CancelWord: @unchecked Sendable {
  private let address: UnsafePointer<Atomic<UInt32>>?

  init(_ address: UnsafePointer<UInt32>?) {
    unsafe self.address = UnsafeRawPointer(address)?.assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  var isRaised: Bool { unsafe address.map { unsafe $0.pointee.load(ordering: .relaxed) != 0 } ?? false }
}

/// Bytes of a caller, who keeps them; no address stands for none.
private func given(_ address: UnsafePointer<UInt8>?, _ byteCount: Int) -> Buffer {
  guard let address = unsafe address, byteCount > 0 else { return .empty }
  return unsafe Buffer(address: UnsafeRawPointer(address), byteCount: byteCount, owner: nil)
}

@_cdecl("dsh_version")
public func libraryVersion() -> UnsafePointer<CChar> {
  // A literal is as long as the library is there, and ends with a zero.
  unsafe UnsafeRawPointer(programVersion.utf8Start).assumingMemoryBound(to: CChar.self)
}

@_cdecl("dsh_run")
public func libraryRun(
  _ request: UnsafePointer<UInt8>?, _ requestBytes: Int, _ memories: UnsafePointer<UnsafePointer<UInt8>?>?,
  _ memoryBytes: UnsafePointer<Int>?, _ memoryCount: Int, _ cancelled: UnsafePointer<UInt32>?
) -> UnsafeMutableRawPointer {
  var buffers: [Buffer] = []
  if let memories = unsafe memories, let memoryBytes = unsafe memoryBytes, memoryCount > 0 {
    // There are so many of both, as the caller says.
    buffers = (0..<memoryCount).map { unsafe given(memories[$0], memoryBytes[$0]) }
  }
  let word = unsafe CancelWord(cancelled)
  let bytes = unsafe Array(given(request, requestBytes).bytes)
  let result = LibraryResult(TaskLibrary.answer(bytes, memories: buffers) { word.isRaised })
  return unsafe Unmanaged.passRetained(result).toOpaque()
}

@_cdecl("dsh_outcome")
public func libraryOutcome(
  _ result: UnsafeMutableRawPointer, _ bytes: UnsafeMutablePointer<UnsafePointer<UInt8>?>, _ byteCount: UnsafeMutablePointer<Int>
) {
  let outcome = unsafe LibraryResult.at(result).outcome
  unsafe bytes.pointee = UnsafePointer(outcome.pointer(to: UInt8.self))
  unsafe byteCount.pointee = outcome.byteCount
}

@_cdecl("dsh_segment_count")
public func librarySegmentCount(_ result: UnsafeMutableRawPointer) -> Int { unsafe LibraryResult.at(result).segments.count }

@_cdecl("dsh_segment")
public func librarySegment(
  _ result: UnsafeMutableRawPointer, _ index: Int, _ bytes: UnsafeMutablePointer<UnsafePointer<UInt8>?>,
  _ byteCount: UnsafeMutablePointer<Int>
) {
  let segments = unsafe LibraryResult.at(result).segments
  let segment = segments.indices.contains(index) ? segments[index] : nil
  unsafe bytes.pointee = segment?.pointer(to: UInt8.self)
  unsafe byteCount.pointee = segment?.byteCount ?? 0
}

@_cdecl("dsh_free")
public func libraryFree(_ result: UnsafeMutableRawPointer?) {
  if let result = unsafe result { unsafe Unmanaged<LibraryResult>.fromOpaque(result).release() }
}

/// `dsh_remote_reader`.
public typealias RemoteReaderFunction =
  @convention(c) @Sendable (
    UnsafePointer<CChar>, Int64, UnsafeMutablePointer<UInt8>?, Int64, UnsafeMutablePointer<CChar>
  ) -> Int64

@_cdecl("dsh_use_remote_files")
public func libraryUseRemoteFiles(_ function: RemoteReaderFunction?) {
  guard let function = unsafe function else { return RemoteFileAccess.use(nil) }
  let files = unsafe GivenFiles { address, offset, bytes in
    var problem = [CChar](repeating: 0, count: problemBytes)
    // The function writes within the room that it is given for bytes and for its line, as dsh.h says.
    let count = unsafe address.withCString { address in
      unsafe problem.withUnsafeMutableBufferPointer { line in
        guard let line = line.baseAddress else { return Int64(-1) }
        return unsafe function(address, Int64(offset), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int64(bytes.count), line)
      }
    }
    if 0...Int64(bytes.count) ~= count { return .success(Int(count)) }
    let line = problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return .failure(remoteFailure(address, String(decoding: line, as: UTF8.self)))
  }
  RemoteFileAccess.use(files)
}

/// The room for a line about a file.
private let problemBytes = 512
