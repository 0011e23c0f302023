// A TLS server of Java's JSSE: says of each connection what was negotiated, or why it failed.
// java Server.java PKCS12 PORT, password "secret"; each connection is read until it ends.
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

public class Server {
	static void serve(SSLSocket socket) {
		try (socket) {
			socket.setSoTimeout(20000);
			socket.startHandshake();
			SSLSession session = socket.getSession();
			System.out.println("completed: " + session.getProtocol() + " " + session.getCipherSuite());
			InputStream in = socket.getInputStream();
			while (in.read() >= 0) {
			}
		} catch (Exception e) {
			System.out.println("failed: " + e);
		}
	}

	public static void main(String[] arguments) throws Exception {
		char[] password = "secret".toCharArray();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		keys.load(new FileInputStream(arguments[0]), password);
		KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
		factory.init(keys, password);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(factory.getKeyManagers(), null, null);
		SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(
			Integer.parseInt(arguments[1]), 50, InetAddress.getByName("127.0.0.1"));
		System.out.println("ready");
		while (true) {
			SSLSocket socket = (SSLSocket) server.accept();
			new Thread(() -> serve(socket)).start();
		}
	}
}
