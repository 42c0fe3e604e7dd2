// The networks that the command trains.

namespace Nudge.Cli;

internal static class TableNetwork
{
    extension(TrainedModel model)
    {
        /// <summary>The network: the command makes and reads no other kind.</summary>
        internal Mlp Mlp => (Mlp)model.Network;
    }
}
