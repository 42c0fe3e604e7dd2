// For tests that look at what all tests share: the switch for stale gradients, the memory of the process.

namespace Nudge.Tests;

[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
