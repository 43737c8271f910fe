export default function Home() {
  return <h1>AI API Relay</h1>
}
