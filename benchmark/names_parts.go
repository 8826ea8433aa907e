package benchmark

import "strings"

// culture is the names of ordinary people of one part of the world.
type culture struct {
	share         float64
	given, family []string
}

var cultures = []culture{
	{.25, // English
		strings.Fields("James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Emily Matthew Laura Mark Michelle Steven Rachel Andrew Amy George Hannah Oliver Charlotte Jack Grace Harry Sophie Ryan Megan Samuel Alice Peter Helen"),
		strings.Fields("Smith Jones Williams Brown Taylor Davies Wilson Evans Thomas Roberts Johnson Lewis Walker Robinson Wood Thompson White Watson Jackson Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards Hill Moore Clark Harrison Scott Young Morris Hall Ward Turner Carter Phillips Mitchell Patel Adams Campbell Anderson Allen Cook Baker O'Brien Murphy Kelly")},
	{.20, // western and southern Europe
		strings.Fields("Hans Anna Jürgen Ursula Klaus Sabine Stefan Monika Lukas Julia Jan Sophie Pieter Emma Marco Giulia Luca Chiara Alessandro Francesca Pierre Marie Jean Camille Antoine Léa Nicolas Manon Lars Ingrid Erik Astrid Søren Karin Mikael Elin Juhani Aino Giorgos Eleni"),
		strings.Fields("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Hoffmann Schulz Koch Richter Klein Wolf Neumann Janssen Visser Bakker Smit Mulder Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Bernard Dubois Durand Leroy Moreau Laurent Lefebvre Garnier Rousseau Hansen Johansson Andersson Nielsen Larsen Korhonen Virtanen Papadopoulos Nikolaidis")},
	{.12, // Spanish and Portuguese
		strings.Fields("Antonio María José Carmen Manuel Ana Francisco Isabel Juan Laura Carlos Lucía Miguel Paula Javier Marta Pedro Elena Luis Sofia Diego Valentina Alejandro Camila João Mariana Rafael Beatriz Gabriel Fernanda Tiago Inês"),
		strings.Fields("García Martínez López Sánchez González Rodríguez Fernández Pérez Gómez Díaz Ruiz Hernández Jiménez Álvarez Moreno Romero Navarro Torres Ramírez Flores Silva Santos Oliveira Souza Pereira Lima Costa Ferreira Almeida Ribeiro Carvalho Rocha Castro Ortega Vargas Mendoza")},
	{.09, // Slavic
		strings.Fields("Ivan Anna Dmitri Olga Sergei Elena Alexei Natalia Andrei Irina Mikhail Tatiana Pavel Ekaterina Nikolai Svetlana Piotr Agnieszka Krzysztof Katarzyna Tomasz Magdalena Jakub Zuzana Petr Jana Bogdan Oksana Taras Milica Nikola Marija"),
		strings.Fields("Ivanov Petrova Sidorov Smirnov Kuznetsov Popova Volkov Sokolova Morozov Novikova Fedorov Orlov Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Novák Svoboda Dvořák Horváth Kováč Shevchenko Bondarenko Tkachenko Kravchenko Jovanović Petrović Nikolić Dimitrov Georgiev")},
	{.05, // Turkish
		strings.Fields("Mehmet Ayşe Mustafa Fatma Ahmet Emine Ali Hatice Hüseyin Zeynep Murat Elif Emre Merve Burak Selin Kemal Deniz Cem Ebru"),
		strings.Fields("Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Erdoğan Güneş Aksoy")},
	{.06, // Arabic
		strings.Fields("Mohammed Fatima Ahmed Aisha Ali Maryam Omar Layla Youssef Nour Khaled Rania Karim Salma Tarek Dina Hassan Hana Sami Yasmin Walid Mona Ziad Lina Bilal Amal Nabil Huda Rami Samira"),
		strings.Fields("Haddad Khoury Nasser Mansour Saleh Hamdan Khalil Ibrahim Farah Awad Shaheen Najjar Sabbagh Fayed Qasim Rahman Zidan Abboud Sayegh Tawil Barakat Darwish Ghanem Hijazi Jaber Kanaan Malouf Odeh Rizk Salameh Tamimi Younes Zogby Bennani Alaoui Cherkaoui Benjelloun Trabelsi Gharbi Hamdi")},
	{.08, // India
		strings.Fields("Rahul Priya Amit Anjali Rajesh Sunita Sanjay Pooja Vijay Kavita Arjun Neha Suresh Lakshmi Ravi Meera Deepak Divya Anil Nisha Manoj Shreya Vikram Asha Imran Farah Harpreet Gurpreet Ashok Geeta"),
		strings.Fields("Sharma Verma Gupta Singh Kumar Patel Shah Mehta Joshi Desai Reddy Rao Nair Menon Iyer Pillai Chatterjee Banerjee Mukherjee Das Ghosh Bose Agarwal Kapoor Malhotra Chopra Khanna Bhatt Mishra Pandey Yadav Kaur Gill Khan Ansari Fernandes")},
	{.10, // Chinese
		strings.Fields("Wei Fang Xiuying Min Jing Lei Qiang Yan Juan Jie Tao Ming Xiaoming Xiaohong Yong Jun Yang Chao Ping Gang Guiying Haiyan Zhiqiang Jianhua Yuting Jiayi Haoran Zihan Yuxuan Xinyi Mingze Siyuan Ruoxi Chenxi Guoqiang Weiwei"),
		strings.Fields("Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren")},
	{.05, // Korean, as spelled in the South
		strings.Fields("Min-jun Seo-yeon Ji-hoon Ji-woo Hyun-woo Soo-bin Sung-min Yu-jin Joon-ho Hye-jin Dong-hyun Eun-ji Jae-hyun Mi-kyung Sang-woo Young-hee Kyung-soo Hae-won Tae-yang Ji-yeon Woo-jin Bo-ra Seung-hoon Na-young"),
		strings.Fields("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Jeon Moon")},
}

var (
	cities = strings.Fields("London Hamburg Lyon Milano Porto Rotterdam Antwerp Shenzhen Guangzhou Ningbo Yiwu Hangzhou Shanghai Dongguan Mumbai Chennai Istanbul Dubai Singapore Boston Seattle Austin Toronto Sydney Auckland Osaka Busan Gdansk Prague Vienna Zurich Lagos Nairobi Casablanca Bogota Lima")
	// trades are the words that say what a firm does.
	trades = strings.Fields("Trading Logistics Textiles Electronics Foods Ceramics Toys Furniture Packaging Import Export Industries Shipping Home Garden Technology Design Media Consulting Solutions Machinery Plastics Garments Jewellery Crafts Sports Lighting Tools Supply Wholesale Retail Enterprises International Group Holding Global Services Manufacturing Chemicals Engineering")
	forms  = []string{"Ltd", "Limited", "LLC", "Inc.", "GmbH", "Co., Ltd.", "S.A.", "S.r.l.", "B.V.", "AB", "Pty Ltd", "Pte. Ltd.", "Corp.", "Company", "Sp. z o.o.", "SARL", "Co."}
	titles = strings.Fields("Mr Mrs Dr Prof. Sheikh Haji Eng. Sir")
	added  = strings.Fields("International Group Trading Global Holding")
)

// coinedParts are put together, two or three of them, to a word that no dictionary has.
var coinedParts = strings.Fields("al ba ber bri ca cor da dex el fen ga glo ha hy in ka kin la lex lo lu ma mer mi mo na nex no nor o ora pa pix po qua ra ren ri ro sa sol sta su ta tel ti tor tri u va ver vi vo wi xa ya za zen zo")

// spellings are words that are written in many ways. The first of a row stands for all.
var spellings = rows(`
mohammed muhammad mohamed mohammad muhammed mohamad mohamud mahomed
ahmed ahmad ahmet achmed
hussein husayn hussain hossein hosein husain
hassan hasan hassen
abdullah abdallah abdulla abdoulah
abdul abdel abdal abdoul
rahman rehman rahmaan
yousef yusuf youssef yusef yousuf yussuf joseph
ibrahim ebrahim brahim ibraheem
omar umar omer
osman usman uthman othman ousmane
ali aly
said saeed sayed saeid
khalid khaled halid
mustafa mustapha moustafa
mahmud mahmoud mehmood mahmood
salih saleh salah
suleiman sulayman soliman sulaiman suleyman
ismail ismael ismaeel
jamal gamal djamel jamaal
hamid hameed hamed
rashid rasheed rachid
tariq tarek tarik tareq
qasim kassem qassem kasim
yahya yehia yahia
aziz azeez
sheikh shaykh shaikh cheikh
nasser nasir naser nassir
bashir basheer bachir
sergei sergey serguei
dmitri dmitry dmitriy dimitri
yuri yury iouri
alexei aleksei alexey
alexander aleksandr alexandre
andrei andrey
mikhail mikhael michail
kim gim
ri lee yi
pak park bak
choe choi
jong chong
chol cheol
yong young
`)

// letterPairs are spelled either way by those who write in Latin what is not.
var letterPairs = [][2]string{
	{"oo", "u"}, {"ou", "u"}, {"ee", "i"}, {"q", "k"}, {"dj", "j"}, {"kh", "h"}, {"gh", "g"}, {"dh", "d"}, {"th", "t"},
	{"sh", "ch"}, {"ay", "ai"}, {"ei", "ai"}, {"iy", "i"}, {"yy", "y"}, {"ss", "s"}, {"mm", "m"}, {"ll", "l"}, {"dd", "d"},
	{"al-", "el-"}, {"al-", "al "}, {"w", "v"}, {"ph", "f"}, {"ck", "k"}, {"zh", "j"}, {"ya", "ia"}, {"ye", "e"}, {"ov", "off"},
	{"aa", "a"}, {"ts", "tz"}, {"x", "ks"},
}

// marks are letters with a mark that the change "diacritics" puts on.
var marks = map[rune]string{'a': "áàâäãā", 'e': "éèêëē", 'i': "íìîïī", 'o': "óòôöō", 'u': "úùûüū", 'c': "çčć", 's': "šşś", 'n': "ñń", 'z': "žż"}

// neighbours of the keys of a keyboard of the QWERTY kind.
var neighbours = map[rune]string{
	'q': "wa", 'w': "qes", 'e': "wrd", 'r': "etf", 't': "ryg", 'y': "tuh", 'u': "yij", 'i': "uok", 'o': "ipl", 'p': "ol",
	'a': "qsz", 's': "awdx", 'd': "sefc", 'f': "drgv", 'g': "fthb", 'h': "gyjn", 'j': "hukm", 'k': "jil", 'l': "kop",
	'z': "asx", 'x': "zsdc", 'c': "xdfv", 'v': "cfgb", 'b': "vghn", 'n': "bhjm", 'm': "njk",
}

// legalForms are the words that the world takes for a legal form, small and without points.
var legalForms = words("ltd limited llc inc gmbh co company corp corporation sa srl bv ab pty pte sarl plc ag spzoo")

func rows(table string) [][]string {
	var out [][]string
	for line := range strings.Lines(table) {
		if row := strings.Fields(line); len(row) > 0 {
			out = append(out, row)
		}
	}
	return out
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
