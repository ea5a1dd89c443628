// How the Ray of a session is come by, and where what it needs is found.

import DshDiagnostics
import DshSystem

/// The settings of a cluster on Ray.
public struct RayOptions: Sendable {
  public var address: RayAddress
  /// The version of dsh, which the library of its tasks has to have too.
  public var version: String
  /// Fixes which task goes where, as far as Ray follows.
  public var isDeterministic = false
  /// What tasks may use of a store before it is known how large the stores are.
  var assumedTaskBytes: Int

  public init(_ address: RayAddress, version: String) {
    self.address = address
    self.version = version
    assumedTaskBytes = if case .own(_, let slots, let storeBytes) = address { storeBytes / max(1, slots) } else { Self.assumedStoreBytes }
  }

  private static let assumedStoreBytes = 1 << 30

  /// The address that a person has written: `ray` for one of its own, `ray:auto`, `ray://host:port` or `ray:host:port` for one that runs; nil if it is
  /// none of these.
  ///
  /// - Parameter local: how one of its own is set up.
  public static func address(_ text: String, own local: ClusterOptions) -> RayAddress? {
    if text == "ray" { return .own(nodes: local.nodes, slots: local.slots, storeBytes: local.storeBytes) }
    guard text.hasPrefix("ray:") else { return nil }
    let place = String(text.dropFirst(text.hasPrefix("ray://") ? "ray://".count : "ray:".count))
    if place == "auto" { return .running(place) }
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]), port > 0 else { return nil }
    return .running(place)
  }

  /// The Python that runs the bridge: `DSH_PYTHON`, else `python3` of the search path.
  ///
  /// - Throws: `no-ray` if there is none.
  static func python() throws(Diagnostic) -> String {
    if let path = environmentVariable("DSH_PYTHON"), !path.isEmpty {
      guard fileExists(path) else { throw Diagnostic(.noRay, "DSH_PYTHON names no file: \(path)") }
      return path
    }
    for folder in (environmentVariable("PATH") ?? "/usr/bin:/bin").split(separator: ":") {
      let path = joinPath(String(folder), "python3")
      if fileExists(path) { return path }
    }
    throw Diagnostic(
      .noRay, "--cluster ray needs Python, and there is no python3",
      suggestion: "install Python 3 and then Ray: python3 -m pip install ray numpy")
  }

  /// The library of tasks: `DSH_LIBRARY`, else beside the program, else in the folder `lib` beside the program's folder.
  ///
  /// - Throws: `no-ray` if it is nowhere.
  static func library() throws(Diagnostic) -> String {
    if let path = environmentVariable("DSH_LIBRARY"), !path.isEmpty {
      guard fileExists(path) else { throw Diagnostic(.noRay, "DSH_LIBRARY names no file: \(path)") }
      return try resolvedPath(path)
    }
    let folder = parentFolder(of: try resolvedPath(ChildProcess.ownExecutable))
    let candidates = [joinPath(folder, "libdsh.so"), joinPath(parentFolder(of: folder), "lib/libdsh.so")]
    if let found = candidates.first(where: fileExists) { return found }
    throw Diagnostic(
      .noRay, "--cluster ray needs the library of dsh's tasks, and it is not at \(candidates[0])",
      suggestion: "put libdsh.so there, or name it: DSH_LIBRARY=…")
  }
}
