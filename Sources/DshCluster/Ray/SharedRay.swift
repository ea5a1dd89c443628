// One Ray for sessions that come one after another, as starting it takes seconds.

import DshDiagnostics

/// A Ray that outlives the backends over it.
public final class SharedRay {
  private let cluster: RayCluster

  public init(_ options: RayOptions) throws(Diagnostic) { cluster = try RayCluster(options) }

  /// A backend for one session at a time; its end gives up all blocks.
  public func backend() -> ClusterBackend {
    ClusterBackend(cluster, isDeterministic: cluster.options.isDeterministic) { [cluster] _ in cluster.reset() }
  }
}
