// Which cluster a run of dsh works on: processes of this machine, or Ray.

import DshCluster
import DshDiagnostics
import DshSystem

/// What `--cluster` or `DSH_CLUSTER` says.
enum ClusterChoice {
  case local(ClusterOptions)
  case ray(RayOptions)

  /// The name of the processes of this machine, which is also what is meant if nobody says anything.
  static let localName = "local"

  /// What may be said, for help and errors.
  static let forms = "local, ray, ray:auto or ray://HOST:PORT"

  /// - Parameters:
  ///   - text: what was said; nil for what the environment says.
  ///   - local: how the nodes of this machine, those of a Ray of its own too, are set up.
  init(_ text: String?, _ local: ClusterOptions) throws(Diagnostic) {
    let name = Self.name(text)
    if name == Self.localName {
      self = .local(local)
    } else if let address = RayOptions.address(name, own: local) {
      var options = RayOptions(address, version: programVersion.description)
      options.isDeterministic = local.isDeterministic
      self = .ray(options)
    } else {
      let source = text == nil ? "DSH_CLUSTER" : "--cluster"
      throw Diagnostic(.usage, "\(source) is \(Self.forms), not \"\(name)\"", notes: ["see: dsh --help"])
    }
  }

  /// The words for what is meant.
  static func name(_ text: String?) -> String {
    text ?? environmentVariable("DSH_CLUSTER").flatMap { $0.isEmpty ? nil : $0 } ?? localName
  }

  func backend() throws(Diagnostic) -> ClusterBackend {
    switch self {
    case .local(let options): try ClusterBackend(options)
    case .ray(let options): try ClusterBackend(options)
    }
  }
}
