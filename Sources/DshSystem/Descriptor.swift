// The owner of a file descriptor: exactly one owner, closed when the owner ends.
import CDshSystem
import DshDiagnostics
import Glibc

/// Takes care that the numbers of the standard streams are taken, if whoever started this process has closed them: else the next file that is
/// opened, such as the object store, would get what is printed. Has to come before anything is opened.
public func fillStandardStreams() { dsh_fill_standard_streams() }

/// Takes over a descriptor that this process was started with, so that no child gets it; a standard stream is nothing from then on.
///
/// - Throws: `stream-closed` if there is none of that number.
public func takeOver(_ number: Int32) throws(Diagnostic) -> Descriptor {
  let own = Descriptor(owning: try checked("take over descriptor \(number)") { dsh_duplicate(number) })
  if number > 2 {
    _ = close(number)
  } else {
    let nothing = Descriptor(owning: try checked("open the file", path: "/dev/null") { dsh_open("/dev/null", O_RDWR, 0) })
    _ = dup2(nothing.number, number)
  }
  return own
}

/// Where other processes of this user can open, as long as it is open here, what a descriptor of this process stands for (proc_pid_fd(5)).
public func sharedPath(ofDescriptor number: Int32) -> String { "/proc/\(getpid())/fd/\(number)" }

/// An open file, socket, memory file or event, closed at the end of its life.
public struct Descriptor: ~Copyable, Sendable {
  /// The kernel's number, valid while this value lives.
  public let number: Int32

  /// Takes over an open descriptor that nobody else closes.
  public init(owning number: Int32) {
    precondition(number >= 0, "a descriptor is not negative, got \(number)")
    self.number = number
  }

  deinit { _ = close(number) }

  /// Gives the number away; the receiver closes it.
  public consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// A second descriptor of the same open file.
  public borrowing func duplicated() throws(Diagnostic) -> Descriptor {
    let number = number
    return Descriptor(owning: try checked("duplicate a descriptor") { dsh_duplicate(number) })
  }

  /// A descriptor of the same file, without a name perhaps, through which nobody can write.
  ///
  /// - Parameter doing: what is tried, for errors.
  borrowing func reopenedForReading(_ doing: String) throws(Diagnostic) -> Descriptor {
    let path = "/proc/self/fd/\(number)"
    return Descriptor(owning: try checked(doing) { dsh_open(path, O_RDONLY, 0) })
  }

  public borrowing func setNonblocking() throws(Diagnostic) {
    let number = number
    try checked("make a descriptor nonblocking") { dsh_set_nonblocking(number) }
  }

  /// The size of the file behind the descriptor.
  public borrowing func sizeBytes() throws(Diagnostic) -> Int {
    let number = number
    var status = stat()
    try checked("look at a descriptor") { unsafe fstat(number, &status) }
    return Int(status.st_size)
  }
}
