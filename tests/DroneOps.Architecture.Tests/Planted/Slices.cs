// Small slices with known faults, which show that the walk over the IL sees them.
namespace DroneOps.Architecture.Tests.Planted.Upper
{
    internal sealed class CallsDown
    {
        public static string Name => Lower.Ground.Name;
    }
}

namespace DroneOps.Architecture.Tests.Planted.Lower
{
    internal static class Ground
    {
        public static string Name => "ground";
    }

    internal sealed class CallsUpInALambda
    {
        public static Func<string> Ask(string greeting) => () => greeting + Upper.CallsDown.Name;
    }

    internal sealed class NamesAPeerInAGenericArgument
    {
        public static int Count => new List<Peer.Other>().Count;
    }
}

namespace DroneOps.Architecture.Tests.Planted.Peer
{
    internal sealed class Other;
}
